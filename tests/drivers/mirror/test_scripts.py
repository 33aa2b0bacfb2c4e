"""What is sent: ObjectScript and PowerShell by their grammars, and no call that Caché is not known to have."""

import re

import pytest

from oceana_dr.drivers.mirror import host, objectscript
from tests.compile.artifacts.test_grammar import GRAMMARS, wrong

WORD = "00ff00ff00ff00ff"
METHODS = ("Promote", "PromoteWithNoPartner", "Demote")
SESSIONS = {
    "reading": objectscript.reading(WORD, "AOCMIRROR"),
    **{name: objectscript.acting(WORD, name) for name in METHODS},
}
SCRIPTS = {
    "looking": host.looking(WORD, "CCDSINSTANCE"),
    "start": host.controlling(WORD, "CCDSINSTANCE", "start"),
    "stop": host.controlling(WORD, "CCDSINSTANCE", "stop"),
}
# Methods of the class references of Caché 2018.1 and of programs that run there.
KNOWN = {
    "%Dictionary.CompiledMethod.%ExistsId",
    "%ResultSet.%New",
    "Security.Services.Get",
    "SYS.Mirror.Promote",
    "SYS.Mirror.PromoteWithNoPartner",
    "SYS.Mirror.Demote",
    "Mirror.IsMember",
    "Mirror.IsPrimary",
    "Mirror.IsBackup",
    "Mirror.IsAsyncMember",
    "Mirror.MirrorName",
    "Mirror.GetMemberType",
    "Status.IsOK",
    "Status.GetErrorText",
}


def as_routine(session: bytes) -> str:
    """The lines as a routine would have them: each with a blank before it."""
    return "ODR ; lines of a session\n" + "".join(f" {line}\n" for line in session.decode().splitlines())


@pytest.mark.parametrize("name", SESSIONS)
def test_each_session_is_objectscript(name: str) -> None:
    text = as_routine(SESSIONS[name])
    assert wrong(text, ".cos") == []
    assert wrong(text.replace("xecute odrw", "xecute", 1).replace("set k=", "set =", 1), ".cos")
    assert max(map(len, text.splitlines())) < 400


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_script_is_powershell(name: str) -> None:
    text = SCRIPTS[name].decode()
    assert wrong(text, ".ps1") == []
    assert wrong(text.replace("([string]$t)", "([string]$t", 1), ".ps1")
    assert "'CCDSINSTANCE'" in text
    assert "@" not in text.replace("@(", "")
    assert GRAMMARS


@pytest.mark.parametrize("name", SESSIONS)
def test_only_what_is_known_is_called(name: str) -> None:
    text = SESSIONS[name].decode()
    calls = {f"{owner}.{method}" for owner, method in re.findall(r"##class\(([^)]+)\)\.(%?\w+)\(", text)}
    calls |= {f"{owner}.{method}" for owner, method in re.findall(r"\$system\.(\w+)\.(\w+)\(", text)}
    assert calls <= KNOWN
    assert {call for call in calls if call.startswith("SYS.Mirror")} == (
        {f"SYS.Mirror.{name}"} - {"SYS.Mirror.reading"}
    )


def test_a_session_that_reads_sets_nothing_but_variables_of_its_own() -> None:
    lines = SESSIONS["reading"].decode().splitlines()
    assert not [line for line in lines if re.search(r"\b(kill|lock|job|open|tstart)\b|set \^|do ", line)]
    assert lines[-1] == "halt"


def test_the_word_is_not_in_a_line_that_could_be_an_echo_of_a_record() -> None:
    for text in SESSIONS.values():
        assert b"ODR|" not in text


@pytest.mark.parametrize("value", ["a\nhalt", "Ärger", "x\x7f"])
def test_what_no_name_holds_is_not_written_to_a_session(value: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        objectscript.text(value)


def test_quotes_are_doubled() -> None:
    assert objectscript.text('x") do Y') == '"x"") do Y"'
