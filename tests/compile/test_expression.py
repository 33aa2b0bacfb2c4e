"""What each constructor over the site's keys gives, and what it counts as read."""

from dataclasses import dataclass, field

import pytest

from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.compile.expression import Evaluation
from oceana_dr.diagnostics.span import Span
from oceana_dr.estate.values import Json, SecretRef, Value


@dataclass
class Facts:
    """A site with these values by path."""

    values: dict[str, object] = field(default_factory=dict)
    name: str = "acme"
    digest: str = ""

    def value(self, path: str) -> object:
        return self.values[path]

    def contributors(self, path: str) -> tuple[Span, ...]:
        raise AssertionError(path)


def evaluated(expression: Json, **values: object) -> tuple[Value, list[str]]:
    """The value in dc1 with dc2 in service, and what was read; `__` in a name stands for a dot."""
    site = Facts({name.replace("__", "."): value for name, value in values.items()})
    evaluation = Evaluation(site, "dc2", "dc1", {})
    return evaluation.value(expression), evaluation.read


def test_an_empty_field_has_its_own_literal() -> None:
    expression: Json = {"site": "copies", "else": ""}
    assert evaluated(expression, copies=7) == (7, ["copies"])
    assert evaluated(expression, copies=None) == ("", ["copies"])


def test_the_first_that_says_something_is_taken_and_alone_counts_as_read() -> None:
    expression: Json = {"first": ["{dc}.keystore", "keystore"], "else": "none"}
    assert evaluated(expression, dc1__keystore="own", keystore="common") == ("own", ["dc1.keystore"])
    assert evaluated(expression, dc1__keystore=None, keystore="common") == ("common", ["keystore"])
    assert evaluated(expression, dc1__keystore=None) == ("none", [])


def test_mappings_are_laid_over_each_other() -> None:
    expression: Json = {"pairs": ["common", "{dc}.own", "{peer}.own"]}
    assert evaluated(expression, common={"b": "1", "a": "1"}, dc1__own={"b": "2"}, dc2__own={}) == (
        ("a = 1", "b = 2"),
        ["common", "dc1.own"],
    )
    assert evaluated(expression) == ((), [])


def test_a_flag_is_one_of_two_literals_or_nothing() -> None:
    expression: Json = {"flag": {"arbiter": ["selected", "cleared"]}}
    assert evaluated(expression, arbiter=True) == ("selected", ["arbiter"])
    assert evaluated(expression, arbiter=False) == ("cleared", ["arbiter"])
    assert evaluated(expression) == (None, [])


def test_a_secret_stays_a_reference() -> None:
    assert evaluated({"secret": "password"}, password="env:X") == (SecretRef("env:X"), ["password"])


@pytest.mark.parametrize("expression", [["a"], {"moon": "a"}, {"a": 1, "b": 2, "c": 3}])
def test_anything_else_is_refused(expression: Json) -> None:
    with pytest.raises(CatalogueError, match=r"expression|list"):
        evaluated(expression)
