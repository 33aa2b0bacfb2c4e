"""A template sees its data and the quoting filters; everything else is refused."""

import pytest
from jinja2 import DictLoader
from jinja2.exceptions import SecurityError, TemplateAssertionError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from oceana_dr.compile.artifacts.templating import UnquotedValue, sandbox, template_folder

from .conftest import ROOT

DATA = {"value": "x", "items": ["a"]}


def render(source: str) -> str:
    return sandbox(DictLoader({"t": source})).get_template("t").render(DATA)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ().__class__ | yaml }}",
        "{{ ''.__class__.__mro__ | yaml }}",
        "{{ value.__init__.__globals__ | yaml }}",
        "{{ value.format.__globals__ | yaml }}",
        "{% for item in ().__class__.__base__.__subclasses__() %}{% endfor %}",
        "{{ '{0.__class__}'.format(value) | yaml }}",
    ],
)
def test_python_cannot_be_reached(source: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        render(source)


def test_data_cannot_be_changed() -> None:
    with pytest.raises(SecurityError):
        render("{{ items.append('b') | yaml }}")


@pytest.mark.parametrize("name", ["range", "dict", "lipsum", "cycler", "joiner", "namespace", "self"])
def test_there_are_no_functions(name: str) -> None:
    with pytest.raises((UndefinedError, SecurityError, TypeError)):
        render(f"{{{{ {name}(3) | yaml }}}}")


@pytest.mark.parametrize("name", ["attr", "map", "safe", "string"])
def test_there_are_no_other_filters(name: str) -> None:
    with pytest.raises(TemplateAssertionError):
        render(f"{{{{ value | {name} }}}}")


@pytest.mark.parametrize("source", ["{{ value }}", "{{ 1 }}", "{{ value ~ 'y' }}", "{{ (value | yaml) ~ 'y' }}"])
def test_a_value_without_a_filter_is_refused(source: str) -> None:
    with pytest.raises(UnquotedValue):
        render(source)


def test_what_is_undefined_is_refused() -> None:
    with pytest.raises(UndefinedError):
        render("{{ nothing | yaml }}")
    with pytest.raises(UndefinedError):
        render("{{ nothing }}")


def test_it_is_the_sandbox_of_jinja() -> None:
    assert isinstance(sandbox(DictLoader({})), SandboxedEnvironment)


def test_templates_are_found_in_the_checkout() -> None:
    assert template_folder() == ROOT / "templates"


def test_jinja_is_imported_by_one_module() -> None:
    importers = [
        path.name for path in (ROOT / "src").rglob("*.py") if "jinja2" in path.read_text("utf-8").replace("Jinja2", "")
    ]
    assert importers == ["templating.py"]
