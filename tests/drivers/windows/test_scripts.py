"""The scripts: PowerShell by its grammar, the same for all data, short enough where a length counts."""

from __future__ import annotations

import json
from base64 import b64decode

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from oceana_dr.drivers.windows import powershell
from oceana_dr.drivers.windows.powershell import LONGEST_COMMAND, Script, TooLong, command, payload, source
from oceana_dr.estate.values import Json

PARSER = Parser(Language(tree_sitter_powershell.language()))
SCRIPTS: tuple[Script, ...] = ("look", "change")


def faults(text: str) -> list[str]:
    def below(node: Node) -> list[str]:
        own = [f"{node.start_point}: {node.type}"] if node.is_error or node.is_missing else []
        return own + [item for child in node.children for item in below(child)]

    return below(PARSER.parse(text.encode()).root_node)


def loader() -> str:
    return b64decode(command()[-1]).decode("utf-16-le")


@pytest.mark.parametrize("text", [*map(source, SCRIPTS), loader()], ids=[*SCRIPTS, "loader"])
def test_they_are_powershell_in_ascii_and_stop_at_the_first_error(text: str) -> None:
    assert text.isascii()
    assert faults(text) == []
    assert "\n$ErrorActionPreference = 'Stop'\n" in text


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_ends_with_an_answer_and_its_status_whatever_happens(name: Script) -> None:
    text = source(name)
    assert text.rstrip().endswith("} catch {\n    Write-Failure $_\n    exit 1\n}")
    assert "} 0\n    exit 0\n} catch" in text
    assert "ConvertTo-Json -InputObject $Answer -Depth 6 -Compress" in text


def test_a_broken_script_would_be_found() -> None:
    assert faults(source("look").replace("catch {", "catch", 1))


def test_no_script_reads_the_translated_words_of_a_tool() -> None:
    for name in SCRIPTS:
        assert "qfailure" not in source(name)
        assert "Out-String" not in source(name)
        for line in source(name).splitlines():
            assert "sc.exe'" not in line or line.rstrip().endswith("| Out-Null"), line


def test_what_was_found_is_compared_letter_by_letter() -> None:
    """PowerShell's `-ne` takes `A` for `a`, and recovery options come in base64."""
    compared = [line for line in source("change").splitlines() if "$Found.$field" in line]
    assert len(compared) == 1
    assert " -cne " in compared[0]


@pytest.mark.parametrize(
    "value",
    [
        "'; Stop-Computer; '",
        '"; $(Stop-Computer)',
        "$env:PATH",
        "`n",
        "\n}\nStop-Computer\n",
        "ODR-END 0 0",
        "Dienst\u201d",
    ],
)
@pytest.mark.parametrize("name", SCRIPTS)
def test_values_are_data_beside_the_script_and_never_in_it(name: Script, value: str) -> None:
    data: dict[str, Json] = {
        "services": [{"by": "name", "text": value}],
        "changes": [{"name": value, "wanted": {"start": value}}],
    }
    first, second, rest = payload(name, data).split(b"\n")
    assert b64decode(first).decode() == source(name)
    assert json.loads(b64decode(second)) == data
    assert rest == b""
    assert set(second) <= set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


def test_the_command_is_always_the_same_and_no_shell_reads_anything_into_it() -> None:
    words = command()
    assert words == command()
    assert words[0] == "powershell.exe"
    assert len(" ".join(words)) < LONGEST_COMMAND / 4
    assert set(" ".join(words)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-. ")


def test_a_command_that_would_be_cut_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(powershell, "LONGEST_COMMAND", 100)
    with pytest.raises(TooLong):
        command()
