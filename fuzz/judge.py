"""What must hold of anything that is said about any file.

In: diagnostics, trees, texts, and the bytes they are about. Out: nothing, or an `AssertionError`.
It must never know what is right about one input: only what is right about all of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingType
from collections.abc import Sequence as SequenceType

from oceana_dr.diagnostics import Diagnostic, Span
from oceana_dr.diagnostics.codes import ALL, NEVER_ECHO
from oceana_dr.present.diagnostic import render_concise, render_text
from oceana_dr.present.diagnostic_machine import diagnostics_to_json, render_github
from oceana_dr.source.node import Mapping, Node, Scalar, Sequence
from oceana_dr.source.text import split_lines
from oceana_dr.source.yaml_tree import MAX_DEPTH, MAX_NODES

_SHORT = 6
"""A secret of fewer characters may stand in any sentence by chance."""


def judge_diagnostics(found: SequenceType[Diagnostic], files: MappingType[str, bytes]) -> None:
    """Known codes, places inside of their files, and every form of output harmless and without secrets."""
    texts = {name: data.decode("utf-8-sig", "replace") for name, data in files.items()}
    for item in found:
        assert item.code in ALL, item.code
        assert item.message.strip(), item.code
        for label in item.labels:
            if label.span.file in texts:
                _judge_span(label.span, split_lines(texts[label.span.file]))
    plain = render_text(found, texts.get)
    coloured = render_text(found, texts.get, color=True)
    concise = render_concise(found)
    annotations = render_github(found)
    as_json = json.dumps(diagnostics_to_json(found), ensure_ascii=False)
    judge_text(plain)
    judge_text(concise)
    judge_text(annotations)
    assert all(part.partition("m")[0].replace(";", "").isdigit() for part in coloured.split("\x1b[")[1:])
    assert render_text(found, texts.get, ascii=True).isascii()
    assert len(concise.splitlines()) == len(found)
    assert all(line.startswith(("::error ", "::warning ")) for line in annotations.splitlines())
    assert len(annotations.splitlines()) == len(found)
    for secret in _secrets(found, texts):
        for form in (plain, coloured, concise, annotations, as_json):
            assert secret not in form, "a secret is repeated"


def _judge_span(span: Span, lines: SequenceType[str]) -> None:
    first, last = (span.line, span.column), (span.end_line, span.end_column)
    assert (1, 1) <= first <= last, span
    assert span.end_line <= len(lines), span
    assert span.column <= len(lines[span.line - 1]) + 1, span
    assert span.end_column <= len(lines[span.end_line - 1]) + 2, span


def _secrets(found: SequenceType[Diagnostic], texts: MappingType[str, str]) -> set[str]:
    """The lines of what diagnostics with a never-echo code point at, if nothing else in the files is equal to them."""
    secrets = set()
    for item in found:
        for label in item.labels if item.code in NEVER_ECHO else ():
            span = label.span
            lines = split_lines(texts.get(span.file, ""))
            for number in range(span.line, min(span.end_line, len(lines)) + 1):
                start = span.column - 1 if number == span.line else 0
                end = span.end_column - 1 if number == span.end_line else None
                part = lines[number - 1][start:end].strip()
                if len(part) > _SHORT and sum(text.count(part) for text in texts.values()) == 1:
                    secrets.add(part)
    return secrets


def judge_tree(root: Node | None, text: str) -> None:
    """Places in order and inside of the file, keys that are text and unique, and the limits."""
    lines, seen = split_lines(text), 0
    waiting: list[tuple[Node, int]] = [] if root is None else [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        seen += 1
        assert depth <= MAX_DEPTH
        assert seen <= MAX_NODES
        _judge_span(node.span, lines)
        match node:
            case Mapping(entries=entries):
                keys = [key.value for key, _ in entries]
                assert all(isinstance(key, str) for key in keys)
                assert len(set(keys)) == len(keys)
                waiting += [(part, depth + 1) for entry in entries for part in entry]
            case Sequence(items=items):
                waiting += [(item, depth + 1) for item in items]
            case Scalar():
                pass


def judge_text(text: str) -> None:
    """Nothing that moves a cursor, changes a colour or hides a part of a line."""
    bad = {sign for sign in text if sign != "\n" and not (sign.isprintable() or sign.isspace())}
    assert not bad, f"{bad} gets through to the terminal"
    assert not set(text) & set("\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "a line ends where none should"
