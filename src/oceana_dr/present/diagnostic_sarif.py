"""Diagnostics as SARIF 2.1.0, which code hosts show beside the lines of a pull request.

In: diagnostics, the name to give each file, the tool's version. Out: a document that is valid against the schema.
It must never hold a line of a file, so that no secret can be in it; columns count code points, and it says so.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import quote

from oceana_dr.diagnostics import Diagnostic, Severity, Span
from oceana_dr.diagnostics.codes import ALL, CodeInfo

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT: Final = "oceanaDr/v1"
_ROOT: Final = "PROJECTROOT"
# A name, not an address: the program has no home of its own on the web, and the page comes with it.
_HELP: Final = "urn:oceana-dr:docs:reference:diagnostics"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def sarif_document(diagnostics: Sequence[Diagnostic], *, version: str, shown: Callable[[str], str] = str) -> Any:
    """One log with one run; `shown` gives a file's name from where the repository begins."""
    codes = sorted({item.code for item in diagnostics if item.code in ALL})
    index = {code: number for number, code in enumerate(codes)}
    seen: Counter[str] = Counter()
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "oceana-dr",
                        "semanticVersion": version,
                        "rules": [_rule(ALL[code]) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that the command was run in."}}},
                "results": [_result(item, index, shown, seen) for item in diagnostics],
            }
        ],
    }


def _rule(info: CodeInfo) -> dict[str, object]:
    example = f"Wrong:\n\n```yaml\n{info.wrong}\n```\n\nRight:\n\n```yaml\n{info.right}\n```"
    return {
        "id": info.code,
        "name": "".join(part.capitalize() for part in info.name.split("-")),
        "shortDescription": {"text": info.title},
        "fullDescription": {"text": info.explanation},
        "help": {
            "text": f"{info.explanation}\n\nWrong: {info.wrong}\nRight: {info.right}",
            "markdown": f"{info.explanation}\n\n{example}",
        },
        "helpUri": f"{_HELP}#{info.code.lower()}-{info.name}",
        "defaultConfiguration": {"level": _LEVELS[info.severity]},
    }


def _result(
    item: Diagnostic, index: dict[str, int], shown: Callable[[str], str], seen: Counter[str]
) -> dict[str, object]:
    text = "\n".join([item.message, *item.notes, *([f"help: {item.help}"] if item.help else [])])
    found: dict[str, object] = {"ruleId": item.code, "level": _LEVELS[item.severity], "message": {"text": text}}
    if item.code in index:
        found["ruleIndex"] = index[item.code]
    if item.labels:
        found["locations"] = [_location(item.labels[0].span, shown, item.labels[0].text)]
    if len(item.labels) > 1:
        found["relatedLocations"] = [
            {"id": number, **_location(label.span, shown, label.text)} for number, label in enumerate(item.labels[1:])
        ]
    found["partialFingerprints"] = {FINGERPRINT: _fingerprint(item, shown, seen)}
    if item.fix is not None:
        replacement = {
            "deletedRegion": _region(item.fix.span),
            "insertedContent": {"text": item.fix.replacement},
        }
        change = {"artifactLocation": _artifact(item.fix.span.file, shown), "replacements": [replacement]}
        found["fixes"] = [
            {
                "description": {"text": item.help or item.message},
                "artifactChanges": [change],
                "properties": {"safe": item.fix.safe},
            }
        ]
    return found


def _location(span: Span, shown: Callable[[str], str], text: str) -> dict[str, object]:
    place = {"artifactLocation": _artifact(span.file, shown), "region": _region(span)}
    return {"physicalLocation": place, **({"message": {"text": text}} if text else {})}


def _artifact(file: str, shown: Callable[[str], str]) -> dict[str, object]:
    return {"uri": quote(shown(file)), "uriBaseId": _ROOT}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fingerprint(item: Diagnostic, shown: Callable[[str], str], seen: Counter[str]) -> str:
    """The same for the same finding when lines above it come and go: file, code and message, and which of several."""
    file = shown(item.span.file) if item.span else ""
    digest = hashlib.sha256(f"{file}\0{item.code}\0{item.message}".encode()).hexdigest()[:32]
    seen[digest] += 1
    return f"{digest}:{seen[digest]}"
