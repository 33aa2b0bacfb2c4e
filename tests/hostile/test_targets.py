"""Every reader, fed with what was once found, and with changes of real files: the same ones in every run.

`make fuzz` goes on where this stops: it looks at what the code does with an input, and runs as long as one likes.
"""

import random
from pathlib import Path

import pytest

from fuzz.mutations import mutate, mutate_json
from fuzz.seeds import KNOWN, dictionary, seeds
from fuzz.targets import TARGETS

FOUND = sorted(path for path in KNOWN.glob("*/*") if path.is_file())
ROUNDS = {"yaml": 600, "site": 120, "defaults": 60, "project": 120, "plan": 40, "snapshot": 200, "answers": 300}


@pytest.mark.parametrize("case", FOUND, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_was_found_once_stays_repaired(case: Path) -> None:
    TARGETS[case.parent.name](case.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_a_seed_is_no_finding(target: str) -> None:
    for data in (b"", b"\0", b"\xff\xfea\0", *list(seeds(target))[:60]):
        TARGETS[target](data)


@pytest.mark.parametrize("target", TARGETS)
def test_a_changed_file_is_read_or_refused(target: str) -> None:
    chance = random.Random(f"oceana-dr {target}")
    change = mutate_json if target in {"plan", "snapshot", "approval"} else mutate
    known = [data for data in seeds(target) if len(data) < 60_000]
    words = list(dictionary(target))
    for _ in range(ROUNDS.get(target, 200)):
        data = change(chance.choice(known), chance)
        if chance.random() < 0.2:
            place = chance.randint(0, len(data))
            data = data[:place] + chance.choice(words) + data[place:]
        try:
            TARGETS[target](data)
        except Exception as error:
            error.add_note(f"fed with {data!r}")
            raise


def test_the_targets_would_notice() -> None:
    """A fuzzer that finds nothing must be one that could have found something."""
    from fuzz.judge import judge_diagnostics, judge_text
    from oceana_dr.diagnostics import Diagnostic, Label, Span

    outside = Diagnostic("OD1101", "m", (Label(Span("f", 2, 1, 2, 2)),))
    with pytest.raises(AssertionError):
        judge_diagnostics([outside], {"f": b"one line"})
    told = Diagnostic("OD1101", "the key `hunter2hunter2` is not known", (Label(Span("f", 1, 1, 1, 2)),))
    secret = Diagnostic("OD1141", "m", (Label(Span("f", 1, 4, 1, 18)),))
    with pytest.raises(AssertionError, match="repeated"):
        judge_diagnostics([told, secret], {"f": b"k: hunter2hunter2"})
    with pytest.raises(AssertionError, match="terminal"):
        judge_text("\x1b[2J")
