"""Diagnostics for machines: JSON, and the annotation lines that GitHub Actions reads.

In: diagnostics. Out: plain data, or lines.
It must never hold a line of a file: only places, so that no secret can be in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from oceana_dr.diagnostics import Diagnostic, Severity, Span
from oceana_dr.diagnostics.codes import ALL

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
            "file": shown(span.file),
            "line": str(span.line),
            "endLine": str(span.end_line),
            "col": str(span.column),
            "endColumn": str(span.end_column),
            **properties,
        }
    text = "\n".join([item.message, *item.notes, *([f"help: {item.help}"] if item.help else [])])
    joined = ",".join(f"{key}={_escape(value, property_=True)}" for key, value in properties.items())
    return f"::{_LEVELS[item.severity]} {joined}::{_escape(text, property_=False)}"


def _escape(text: str, *, property_: bool) -> str:
    """GitHub's escapes: a line end would begin a new command."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text
