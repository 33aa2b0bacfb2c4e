"""Changes that people, editors and attackers make: to lines, to values, to the structure of JSON.

In: bytes and a source of chance. Out: other bytes. The same seed gives the same bytes.
It must never need the fuzzer: the ordinary tests use it too.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

WORDS: Final = (
    *("", "~", "null", "true", "yes", "0", "-1", "65536", "0o777", "0x7f", ".nan", "-.inf", "1e999", "9" * 70, "3.5"),
    *(
        "''",
        '""',
        "'",
        '"',
        "[",
        "]",
        "{",
        "}",
        "[]",
        "{}",
        "[[[[",
        "- -",
        "? ",
        ": ",
        ",",
        "#",
        "|",
        ">-",
        "|9",
        "&a",
        "*a",
    ),
    *(
        "&a [*a]",
        "!!int x",
        "!!binary x",
        "!x y",
        "<<: *a",
        "%YAML 1.1",
        "%TAG ! tag:x,2000:",
        "---",
        "...",
        "@",
        "`",
        "\t",
    ),
    *(
        "\x1b[2J",
        "\x00",
        "\x85",
        "\u2028",
        "\u202e",
        "\ufeff",
        "漢字",
        "e\u0301",
        "𝒳",
        "\\ud800",
        "::error::x",
        "##[error]x",
    ),
    # References, a factory password that must be refused unseen, paths that lead out.
    *("env:", "env:X", "file:/x", "command:", "Oceana16", "sys/x@y", "hunter2hunter2", "../..", "dc1", "dc2", "dc3"),
)
VALUES: Final[tuple[Any, ...]] = (
    *(None, True, 0, -1, 10**30, 1e300, 0.5, "", "x", "\x1b[2J", "\ud800", "\u2028", "a\nb", [], {}, [[]], {"": {}}),
    *(
        ["x"] * 9,
        {"x": None},
        "dc1/cm",
        "dc1/cm#state",
        "x" * 300,
        {"unknown": "absent"},
        {"override": True, "value": "x"},
    ),
)


def mutate(data: bytes, chance: random.Random) -> bytes:
    """One to four changes."""
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(_WAYS)(data, chance)
    return data


def mutate_json(data: bytes, chance: random.Random) -> bytes:
    """One to three changes of a document's structure; bytes that are no JSON are changed as text."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return mutate(data, chance)
    for _ in range(chance.randint(1, 3)):
        document = _change(document, chance)
    return json.dumps(document).encode()


def _change(document: Any, chance: random.Random) -> Any:
    """Descend by chance, and replace, remove, double or swap what is there."""
    if not isinstance(document, dict | list) or not document or chance.random() < 0.03:
        return deepcopy(chance.choice(VALUES))
    key: Any = chance.choice(list(document)) if isinstance(document, dict) else chance.randrange(len(document))
    other: Any = chance.choice(list(document)) if isinstance(document, dict) else chance.randrange(len(document))
    match chance.randrange(8):
        case 0:
            del document[key]
        case 1:
            document[key], document[other] = document[other], document[key]
        case 2 if isinstance(document, dict):
            document[chance.choice([*document, "", "x", "\x1b"])] = deepcopy(document[key])
        case 2 if isinstance(document, list):
            document.insert(other, deepcopy(document[key]))
        case _:
            document[key] = _change(document[key], chance)
    return document


def _word(data: bytes, chance: random.Random) -> bytes:
    place = chance.randint(0, len(data))
    return data[:place] + chance.choice(WORDS).encode() + data[place:]


def _byte(data: bytes, chance: random.Random) -> bytes:
    place = chance.randint(0, len(data))
    return data[:place] + chance.randbytes(chance.randint(0, 3)) + data[place + chance.randint(0, 3) :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
    return data[:start] if chance.random() < 0.3 else data[:start] + data[end:]


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return b"a: 1\n"
    here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[here]
        case 1:
            lines.insert(there, lines[here])
        case 2:
            lines[here], lines[there] = lines[there], lines[here]
        case 3:
            lines[here] = b" " * chance.randint(0, 9) + lines[here].lstrip()
        case _:
            lines[here] = lines[here].rstrip() + chance.choice((b"\r", b"\r\n", b"", b" \n"))
    return b"".join(lines)


def _value(data: bytes, chance: random.Random) -> bytes:
    """Another value behind one of the colons."""
    places = [place for place in range(len(data) - 1) if data[place : place + 2] == b": "]
    if not places:
        return _word(data, chance)
    start = chance.choice(places) + 2
    end = data.find(b"\n", start)
    return data[:start] + chance.choice(WORDS).encode() + (data[end:] if end >= 0 else b"")


_WAYS: Final[tuple[Callable[[bytes, random.Random], bytes], ...]] = (_word, _byte, _cut, _lines, _lines, _value, _value)
