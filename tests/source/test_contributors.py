"""Both places are shown where a default and a site have a say; and who was meant, where a key is no key."""

from pathlib import Path

import pytest

from oceana_dr.diagnostics import Diagnostic, Label, Span, in_order
from oceana_dr.operations.validating import check_sites
from oceana_dr.source.project import open_project
from tests.source.project_copy import copy_project, edit

DEFAULTS = "sites/defaults.yaml"
SITE = "sites/acme/site.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


def only(root: Path, *names: str) -> Diagnostic:
    (found,) = check_sites(open_project(root), names)
    return found


def test_a_default_to_blame_is_shown_with_where_the_site_adds_to_it(root: Path) -> None:
    edit(root / DEFAULTS, "ssh_port: 22", "ssh_port: 0")
    first, second = only(root, "acme").labels
    assert (first.span.file, second.span.file) == (DEFAULTS, SITE)
    assert second.text == f"{SITE} adds to this default here"


def test_a_value_of_the_site_is_shown_with_the_default_it_replaces(root: Path) -> None:
    edit(root / SITE, "name: acme", "name: acme\nrelease: 3.9")
    first, second = only(root, "acme").labels
    assert (first.span.file, second.span.file) == (SITE, DEFAULTS)
    assert second.text == "the default, which it replaces"


def test_a_default_to_blame_is_one_error_for_all_sites(root: Path) -> None:
    edit(root / DEFAULTS, "ssh_port: 22", "ssh_port: 0")
    labels = only(root, "acme", "globex").labels
    assert [label.span.file for label in labels] == [DEFAULTS, SITE, "sites/globex/site.yaml"]


def test_more_places_than_a_few_are_counted() -> None:
    place = Span("d", 1, 1, 1, 2)
    many = [
        Diagnostic("OD1107", "m", (Label(place), Label(Span(f"s{number}", 1, 1, 1, 2), "adds"))) for number in range(9)
    ]
    (found,) = in_order([Diagnostic("OD1107", "m", (Label(place),)), *many])
    assert len(found.labels) == 4
    assert found.notes == ("and 6 more like it",)


@pytest.mark.parametrize(
    ("right", "wrong", "advice"),
    [
        ("  host: backup", "  hots: backup", "did you mean `host`?"),
        ("smgr1.acme.example, address:", "smgr1.acme.example, ip:", "did you mean `address`?"),
        ("fqdn: smgr1.acme.example", "hostname: smgr1.acme.example", "did you mean `fqdn`?"),
    ],
)
def test_the_key_that_was_meant_is_named(root: Path, right: str, wrong: str, advice: str) -> None:
    edit(root / SITE, right, wrong)
    assert only(root, "acme").help == advice


def test_a_key_that_belongs_elsewhere_is_sent_there(root: Path) -> None:
    edit(root / DEFAULTS, "  port: 2188\n", "")
    edit(root / DEFAULTS, "channels:\n", "retained_copies: 3\nchannels:\n")
    advice = only(root, "acme").help
    assert advice is not None
    assert "`backup.storage`" in advice
