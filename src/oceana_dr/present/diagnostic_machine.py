"""Diagnostics for machines: JSON, and the annotation lines that GitHub Actions reads.

In: diagnostics. Out: plain data, or lines.
It must never hold a line of a file: only places, so that no secret can be in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from oceana_dr.diagnostics import Diagnostic, Severity, Span
from oceana_dr.diagnostics.codes import ALL
from oceana_dr.present.cells import show_text

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def diagnostics_to_json(diagnostics: Sequence[Diagnostic]) -> list[dict[str, object]]:
    """One object each: code, name, severity, message, place, labels, notes, help, fix, reason if silenced."""
    return [
        {
            "code": item.code,
            "name": _name(item),
            "severity": item.severity.value,
            "message": item.message,
            **_place(item.span),
            "labels": [{**_place(label.span), "text": label.text} for label in item.labels],
            "notes": list(item.notes),
            "help": item.help,
            "fix": None
            if item.fix is None
            else {**_place(item.fix.span), "replacement": item.fix.replacement, "safe": item.fix.safe},
            "silenced": item.silenced,
        }
        for item in diagnostics
    ]


def render_github(diagnostics: Sequence[Diagnostic], *, shown: Callable[[str], str] = str) -> str:
    """Workflow commands, one line each: `::error file=…,line=…::message`."""
    return "".join(f"{_annotation(item, shown)}\n" for item in diagnostics)


def workflow_command(name: str, properties: Mapping[str, str], text: str) -> str:
    """One line of GitHub's workflow commands; nothing in it can begin another one."""
    joined = ",".join(f"{key}={_escape(value, property_=True)}" for key, value in properties.items())
    return f"::{name} {joined}::{_escape(text, property_=False)}"


def _name(item: Diagnostic) -> str | None:
    """What the code is called: by the registry, or by the domain rule that reports it."""
    return ALL[item.code].name if item.code in ALL else item.rule


def _place(span: Span | None) -> dict[str, object]:
    return {
        "file": None if span is None else span.file,
        "line": None if span is None else span.line,
        "column": None if span is None else span.column,
        "end_line": None if span is None else span.end_line,
        "end_column": None if span is None else span.end_column,
    }


def _annotation(item: Diagnostic, shown: Callable[[str], str]) -> str:
    properties = {"title": f"{item.code} {_name(item) or ''}".rstrip()}
    if item.span is not None:
        span = item.span
        properties = {
            "file": show_text(shown(span.file), ascii_only=False),
            "line": str(span.line),
            "endLine": str(span.end_line),
            # GitHub refuses columns of a stretch that has several lines.
            **({"col": str(span.column), "endColumn": str(span.end_column)} if span.line == span.end_line else {}),
            **properties,
        }
    said = "\n".join([item.message, *item.notes, *([f"help: {item.help}"] if item.help else [])])
    # What a log shows is a terminal too: nothing of a file may drive it.
    text = "\n".join(show_text(line, ascii_only=False) for line in said.split("\n"))
    return workflow_command(_LEVELS[item.severity], properties, text)


def _escape(text: str, *, property_: bool) -> str:
    """GitHub's escapes: a line end would begin a new command."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text
