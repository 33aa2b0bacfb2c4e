"""Every script is one in its language: parsed by a grammar of it, which refuses the same script with a slip in it."""

from collections.abc import Iterator, Mapping

import pytest
import sqlglot
import tree_sitter_objectscript
import tree_sitter_powershell
from sqlglot import expressions
from tree_sitter import Language, Node, Parser

from .conftest import Render

GRAMMARS = {
    ".cos": Parser(Language(tree_sitter_objectscript.language_objectscript())),
    ".ps1": Parser(Language(tree_sitter_powershell.language())),
}
SLIPS = {
    "dns/globex.example.ps1": ("foreach ($was in $done) {", "foreach ($was of $done) {"),
    "mirror/A.cos": (" set ok=$$Begin(", " set =$$Begin("),
    "mirror/A.ps1": ("if (-not $Check) {", "if (-not $Check {"),
    "nav360/Nav360Config.ps1": ("throw 'run this in 64-bit PowerShell'", "throw 'run this in 64-bit PowerShell"),
    "windows/control-manager-dc2.ps1": ("foreach ($entry in $chosen) {", "foreach ($entry of $chosen) {"),
}


def wrong(text: str, ending: str) -> list[str]:
    """Where the grammar is not that of the language, by line."""

    def inside(node: Node) -> Iterator[str]:
        if node.type == "ERROR" or node.is_missing:
            yield f"line {node.start_point[0] + 1}: {(node.text or b'').decode()[:60]}"
        for child in node.children:
            yield from inside(child)

    return list(inside(GRAMMARS[ending].parse(text.encode()).root_node))


def test_every_script_is_one_in_its_language(artifacts: Mapping[str, str]) -> None:
    for path, text in artifacts.items():
        for ending in GRAMMARS:
            if path.endswith(ending):
                assert wrong(text, ending) == [], path


@pytest.mark.parametrize("path", SLIPS)
def test_the_grammar_sees_a_slip(path: str, render: Render) -> None:
    text = render("globex", "dc1")[path]
    right, slip = SLIPS[path]
    assert right in text
    assert wrong(text.replace(right, slip), path[-4:])


def queries(text: str) -> list[str]:
    """The statements of a script, without the lines that are SQL*Plus's own."""
    own = ("REM", "SET ", "WHENEVER ", "PROMPT ", "EXIT ")
    return [
        item for item in "\n".join(x for x in text.splitlines() if not x.startswith(own)).split(";") if item.strip()
    ]


def test_every_statement_is_a_query_of_oracle(render: Render) -> None:
    found = [sqlglot.parse_one(item, read="oracle") for item in queries(render("globex", "dc2")["oracle/check.sql"])]
    assert [type(item) for item in found] == [expressions.Select] * 4
    assert [[table.name for table in item.find_all(expressions.Table)] for item in found] == [
        ["v$database"],
        ["v$database"],
        ["v$parameter"],
        ["v$dataguard_stats"],
    ]


def test_the_dialect_sees_a_slip(render: Render) -> None:
    first = queries(render("globex", "dc2")["oracle/check.sql"])[0]
    with pytest.raises(sqlglot.ParseError):
        sqlglot.parse_one(first.replace(" END ||", " ||"), read="oracle")
