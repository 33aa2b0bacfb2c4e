"""Safe fixes mend what they name and nothing else: byte for byte, whatever the file's line ends and comments."""

import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceana_dr.diagnostics import Diagnostic, Fix, Label, Span, Unreadable
from oceana_dr.diagnostics.nearest import distance, nearest
from oceana_dr.operations.fixing import Fixed, fix_sites
from oceana_dr.operations.judging import with_rules
from oceana_dr.operations.validating import check_sites
from oceana_dr.source.fixing import apply_fixes
from oceana_dr.source.project import Project, open_project, open_to_check
from tests.source.project_copy import copy_project, edit

DEFAULTS = "sites/defaults.yaml"
SITE = "sites/acme/site.yaml"
# What is written, in which file, what stands there instead, and what a safe fix makes of it.
SLIPS = [
    (DEFAULTS, 'release: "3.5"', "release: 3.5", 'release: "3.5"'),
    (DEFAULTS, "tls: false", "tls: no", "tls: false"),
    (DEFAULTS, "tls: false", "tls: 'Off'", "tls: false"),
    (DEFAULTS, "tls: false", 'tls: "false"', "tls: false"),
    (DEFAULTS, "port: 2188", "port: '2188'", "port: 2188"),
    (DEFAULTS, "database_drive: E", "database_drive: 'e:'", "database_drive: 'E'"),
    (DEFAULTS, r"install_dir: D:\Avaya", "install_dir: D:/Avaya", r"install_dir: D:\Avaya"),
    (DEFAULTS, r"install_dir: D:\Avaya", 'install_dir: "D:/Avaya"', r"install_dir: 'D:\Avaya'"),
    (DEFAULTS, "chat: open", "chat: Open", "chat: open"),
    (DEFAULTS, "time_zone: Europe/Berlin", "time-zone: Europe/Berlin", "time_zone: Europe/Berlin"),
    (SITE, "duration: 4h", "duration: 4 hours", "duration: 4h"),
    (SITE, '"FREQ=WEEKLY;BYDAY=SU"', '"RRULE:freq=weekly;byday=su"', '"FREQ=WEEKLY;BYDAY=SU"'),
    (SITE, '"2026-01-04T02:00"', '"2026-01-04 02:00"', '"2026-01-04T02:00"'),
    (SITE, "fqdn: smgr1.acme.example", "fqdn: smgr1.acme.example.", "fqdn: smgr1.acme.example"),
    (SITE, "url: https://epm.acme.example", "url: HTTPS://epm.acme.example", "url: https://epm.acme.example"),
    (SITE, 'sms: "+49 151 5550100"', "sms: +491515550100", 'sms: "+491515550100"'),
]
POLICY = """policy:
  approvals: {required: 3}
  change_windows: {longest: 60 minutes}
"""
WORKSTATIONS = "workstations: [admin1.acme.example]"
TWO_SILENCES = """silences:
  - rule: OD2182

    reason: the application
      was built with other words  # and stays so
  - {rule: OD2142,
     reason: until the next release}
"""
UNSAFE = [
    (SITE, "operational: dc1 ", "operatonal: dc1 "),
    (SITE, "address: 10.11.1.12}", "address: 10.11.01.12}"),
    (SITE, "url: https://epm.acme.example", "url: epm.acme.example"),
    (SITE, "name: acme\n", "name:acme\n"),
    (SITE, "name: acme\n", "name acme\n"),
    (SITE, 'voice: "+49 69 5550100"\n', 'voice: "+49 69 5550100\n'),
    (DEFAULTS, "chat: open", "chat: on"),
    (DEFAULTS, "chat: open", "chat: True"),
    (SITE, "name: acme\n", "name: acme\nname: 'acme'  # again\n"),
    (SITE, f"{WORKSTATIONS}\n", f"{WORKSTATIONS}\nworkstations:\n  # once more\n  - admin1.acme.example\n"),
    (SITE, "change_windows:\n", "silences:\n  - {rule: OD2182, reason: other words}\nchange_windows:\n"),
    (SITE, "change_windows:\n", f"{TWO_SILENCES}change_windows:\n"),
]
NO_FIX = [
    (SITE, "name: acme\n", "name: acme\nname: acm\n"),
    (SITE, "address: 10.11.1.12}", "address: 10.11.1.12, address: 10.11.1.12}"),
    (SITE, "name: acme\n", "name: acme\nname: &same acme\n"),
    (SITE, "change_windows:\n", "silences: [{rule: OD2182, reason: other words}]\nchange_windows:\n"),
    (DEFAULTS, "tls: false", "tls: maybe"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


def fix(root: Path) -> Fixed:
    return fix_sites(with_rules(open_project(root)), ["acme"], check_sites)


@pytest.mark.parametrize("case", SLIPS, ids=[slip[2] for slip in SLIPS])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_slip_is_mended_and_nothing_else_is_touched(root: Path, case: tuple[str, str, str, str], end: str) -> None:
    file, right, slip, fixed = case
    edit(root / file, right, slip)
    path = root / file
    before = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", end.encode())
    path.write_bytes(before)
    path.chmod(0o640)
    project = open_project(root)
    assert check_sites(project, ["acme"]) != ()
    done = fix(root)
    assert len(done.done) == 1
    assert done.left == ()
    assert path.read_bytes() == before.replace(slip.encode(), fixed.encode(), 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert fix(root).done == ()


@pytest.mark.parametrize(("file", "right", "slip"), UNSAFE, ids=[slip[2] for slip in UNSAFE])
def test_what_may_change_the_meaning_is_shown_and_not_written(root: Path, file: str, right: str, slip: str) -> None:
    edit(root / file, right, slip)
    before = (root / file).read_bytes()
    done = fix(root)
    assert done.done == ()
    assert done.written == ()
    assert (root / file).read_bytes() == before
    (proposed,) = done.proposed
    assert (proposed.shown, proposed.after) == (file, before.decode().replace(slip, right.replace(" 01", " 1"), 1))


@pytest.mark.parametrize(("file", "right", "slip"), NO_FIX, ids=[slip[2] for slip in NO_FIX])
def test_what_nobody_can_tell_is_not_even_shown(root: Path, file: str, right: str, slip: str) -> None:
    edit(root / file, right, slip)
    done = fix(root)
    assert (done.done, done.proposed) == ((), ())
    assert done.left != ()


def test_the_projects_own_file_is_mended_and_its_policy_counts(root: Path) -> None:
    path = root / "oceana-dr.yaml"
    edit(path, "time_scale: 600", "time_scale: '600'")
    edit(path, "policy:\n  approvals: {required: 1}\n", POLICY)
    project, wrong = open_to_check(root)
    assert {item.code for item in wrong} == {"OD1103", "OD1108"}
    done = fix_sites(project, ["acme"], check_sites)
    assert {item.code for item in done.done} == {"OD1103", "OD1108"}
    assert path.read_text(encoding="utf-8").endswith(POLICY.replace("60 minutes", "60m"))
    assert "time_scale: 600" in path.read_text(encoding="utf-8")
    assert [item.code for item in done.left] == ["OD1135"] * 3, "what the policy forbids is seen once it is read"


def test_what_the_project_lacks_in_lines_that_cannot_be_read_is_not_missing(root: Path) -> None:
    path = root / "oceana-dr.yaml"
    edit(path, "schema: oceana-dr/project/v1", "<<<<<<< HEAD\nschema: oceana-dr/project/v1\n=======\n>>>>>>> other")
    assert [item.code for item in open_to_check(root)[1]] == ["OD1023"]


def test_one_silence_of_two_is_taken_out_alone(root: Path) -> None:
    used = "silences:\n  - {rule: nothing-of-the-kind, reason: other words}\n"
    edit(root / SITE, "change_windows:\n", f"{used}  - {{rule: OD2182, reason: other words}}\nchange_windows:\n")
    (proposed,) = fix(root).proposed
    assert f"{used}change_windows:\n" in proposed.after


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.sets(st.integers(0, len(SLIPS) - 1), min_size=1), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_slips_together_are_all_mended(tmp_path: Path, chosen: set[int], end: str) -> None:
    root = copy_project(tmp_path)
    expected = {file: (root / file).read_text(encoding="utf-8") for file in (DEFAULTS, SITE)}
    texts = dict(expected)
    for index in sorted(chosen):
        file, right, slip, fixed = SLIPS[index]
        if right in texts[file]:  # another slip may stand in the same place already
            texts[file] = texts[file].replace(right, slip, 1)
            expected[file] = expected[file].replace(right, fixed, 1)
    for file, text in texts.items():
        (root / file).write_bytes(text.replace("\n", end).encode())
    done = fix(root)
    assert done.left == ()
    for file, text in expected.items():
        assert (root / file).read_bytes() == text.replace("\n", end).encode()


def test_a_link_out_of_the_project_is_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    away = tmp_path_factory.mktemp("away") / "site.yaml"
    edit(root / SITE, "duration: 4h", "duration: 4 hours")
    away.write_bytes((root / SITE).read_bytes())
    (root / SITE).unlink()
    (root / SITE).symlink_to(away)
    before = away.read_bytes()
    with pytest.raises(Unreadable, match="link out of the project"):
        fix(root)
    assert away.read_bytes() == before


def test_a_file_that_changes_meanwhile_is_left(root: Path) -> None:
    edit(root / SITE, "duration: 4h", "duration: 4 hours")
    project = open_project(root)

    def check(*_: object) -> tuple[Diagnostic, ...]:
        (root / SITE).write_text("name: other\n", encoding="utf-8")
        return check_sites(*_)  # type: ignore[arg-type]  # what fix_sites hands over

    with pytest.raises(Unreadable, match="just changed"):
        fix_sites(project, ["acme"], check)
    assert (root / SITE).read_text(encoding="utf-8") == "name: other\n"


def test_a_folder_without_permission_leaves_the_file(root: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("root may write everywhere")
    edit(root / SITE, "duration: 4h", "duration: 4 hours")
    (root / SITE).parent.chmod(0o500)
    with pytest.raises(Unreadable):
        fix(root)


def test_a_derived_key_is_shown_without_its_line(root: Path) -> None:
    before = (root / SITE).read_text(encoding="utf-8")
    edit(
        root / SITE,
        "        nodes:\n          - {fqdn: breeze21.dc1",
        "        state: active\n        nodes:\n          - {fqdn: breeze21.dc1",
    )
    done = fix(root)
    assert (done.done, done.written) == ((), ())
    assert [change.after for change in done.proposed] == [before]


@pytest.mark.parametrize("written", ['&n "no"', "&n no", "&n 'no'", '&n "false"'])
def test_an_anchor_and_its_alias_outlive_a_fix(root: Path, written: str) -> None:
    edit(root / DEFAULTS, "tls: false", f"tls: {written}")
    edit(root / DEFAULTS, "edm_persistence: true", "edm_persistence: *n")
    before = (root / DEFAULTS).read_text(encoding="utf-8")
    assert fix(root).left == ()
    assert (root / DEFAULTS).read_text(encoding="utf-8") == before.replace(written, "&n false")


def test_a_fix_that_breaks_the_value_of_an_alias_is_taken_back(root: Path) -> None:
    edit(root / DEFAULTS, 'edm_mirror_container_size: "2"', "edm_mirror_container_size: *size")
    edit(root / DEFAULTS, "port: 2188", 'port: &size "2188"')
    before = (root / DEFAULTS).read_bytes()
    done = fix(root)
    assert done.done == ()
    assert done.left != ()
    assert (root / DEFAULTS).read_bytes() == before


def test_a_fix_after_which_the_file_does_not_parse_is_taken_back(root: Path) -> None:
    edit(root / SITE, "duration: 4h", "duration: 4 hours")
    before = (root / SITE).read_bytes()
    project = open_project(root)

    def check(project: Project, names: Sequence[str]) -> tuple[Diagnostic, ...]:
        found = check_sites(project, names)
        return tuple(
            replace(item, fix=replace(item.fix, replacement="*gone")) if item.fix is not None else item
            for item in (*found, *found)
        )

    done = fix_sites(project, ["acme"], check)
    assert (done.done, done.written) == ((), ())
    assert (root / SITE).read_bytes() == before


def test_a_fix_that_mends_nothing_is_taken_back(root: Path) -> None:
    bad = Diagnostic("OD1101", "m", (Label(Span(SITE, 4, 1, 4, 5)),), fix=Fix(Span(SITE, 4, 1, 4, 5), "nam", safe=True))
    before = (root / SITE).read_bytes()
    done = fix_sites(open_project(root), ["acme"], lambda *_: (bad,))
    assert done.done == ()
    assert (root / SITE).read_bytes() == before


def test_a_secret_has_no_fix(root: Path) -> None:
    edit(root / SITE, "password: env:ACME_BACKUP_PASSWORD", "password: 12345678")
    assert [(item.code, item.fix) for item in check_sites(open_project(root), ["acme"])] == [("OD1141", None)]


def test_of_two_fixes_that_overlap_the_first_counts() -> None:
    def at(first: int, end: int, text: str) -> Diagnostic:
        return Diagnostic("OD1101", text, fix=Fix(Span("f", 1, first, 1, end), text, safe=True))

    text, done = apply_fixes("abcdef\n", [at(3, 5, "Y"), at(1, 4, "X"), at(5, 6, "Z")])
    assert text == "XdZf\n"
    assert [item.message for item in done] == ["X", "Z"]


@given(st.text(alphabet="ab", max_size=6), st.text(alphabet="ab", max_size=6))
def test_the_distance_is_the_same_both_ways(one: str, other: str) -> None:
    assert distance(one, other, 9) == distance(other, one, 9)
    assert (distance(one, other, 9) == 0) == (one == other)


@given(st.text(alphabet="abc", max_size=7), st.text(alphabet="abc", max_size=7), st.integers(1, 8))
def test_the_distance_is_that_of_the_definition(one: str, other: str, limit: int) -> None:
    cost = {(i, -1): i + 1 for i in range(-1, len(one))} | {(-1, j): j + 1 for j in range(len(other))}
    for i in range(len(one)):
        for j in range(len(other)):
            steps = [cost[i - 1, j] + 1, cost[i, j - 1] + 1, cost[i - 1, j - 1] + (one[i] != other[j])]
            if i and j and (one[i], one[i - 1]) == (other[j - 1], other[j]):
                steps.append(cost[i - 2, j - 2] + 1)
            cost[i, j] = min(steps)
    assert distance(one, other, limit) == min(cost[len(one) - 1, len(other) - 1], limit + 1)


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("operatonal", ["operational", "channels"], "operational"),
        ("time-zone", ["time_zone", "times"], "time_zone"),
        ("zone_time", ["time_zone", "name"], "time_zone"),
        ("prot", ["port", "name"], "port"),
        ("dc3", ["dc1", "dc2"], None),
        ("colour", ["host", "login"], None),
        ("", ["a"], None),
    ],
)
def test_the_nearest_word_is_offered_if_there_is_one(word: str, known: list[str], found: str | None) -> None:
    assert nearest(word, known) == found
