"""What the crash matrix found, for people: counts by scenario and by goal, and every broken promise."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from tests.crash.cuts import KINDS
from tests.crash.mutants import CONVENIENCE, Judged, Mutant
from tests.crash.mutants import together as all_judged
from tests.crash.provider import FAULTS
from tests.crash.runs import Figures
from tests.crash.starts import STARTS
from tests.crash.tasks import N0, N1, N2, N3, N4, N5, N12, Result, tasks
from tests.scenarios.estates import ENDS

NOTICE: Final = "<!-- Written by `make crash CRASH_ARGS='--write FILE'`. -->"
PAGE: Final = """\
# What happens when it dies

A run can die at any moment: the power fails, the disk is full, somebody kills the process, the answer of a gateway is
lost. `make crash` tries it: it plans each of the eight scenarios on a simulated estate, cuts the run at every place
where a process can die, and gives the same command again. The estate and its people go on meanwhile; consoles refuse
what they refuse in the field.

The places of a step are those around each record that it writes to the journal (*before* it, *torn*, *written, not
synced*, *synced*: its intent, its question and answer where a person is asked, its outcome) and those around its act
(*not delivered*, *answer lost*, and *under way* at the first, fifth and fifteenth look at it).

- **violations**: invariants of the plan that broke in a state which the estate passed through, or do not hold at the
  end; every moment of every act is looked at, also what happens while nobody runs.
- **lost**: steps that are not done at the end, estates that are not as without a crash, records that were told to be
  written and are not there.
- **repeated**: steps of class N (not repeatable) whose act was taken up twice without a person's decision.
- **stuck**: runs that the same command does not bring to their end, also an hour later.

All four have to be 0. A run that goes on is followed until the estate, the journal and everything that is under way
stand as they do in the run without a crash behind the same step: from there it is the same run. Every fiftieth is
followed to its end all the same.

For N12 every guard that one of the plans meets is taken out, and turned round: what consoles refuse, what a step
expects and requires, the invariants, the order rules. Turned round it has to speak up in the plan as it is. Taken out
it has to be missed: it alone, or with others, speaks up where steps are left out, done twice, too early or too late, or
where the plan is run on an estate of another one; an order rule is missed where the proof fails without it.

Without `FULL=1` there are all places in the smallest and the largest topology, and pairs of step, place and fact of the
topology in four others; second crashes are a sample, and faults of the gateway in the largest topology too.

"""


MOST_SHOWN: Final = 20
LEAST_KILLED: Final = 0.95
HEAD: Final = "topologies", "steps", "cases", "crashes", "violations", "lost", "repeated", "stuck", "seconds"


def text(results: Sequence[Result]) -> str:
    """Everything that was counted."""
    parts = [
        _enumerated(of(results, N0)),
        _by_scenario(of(results, N1), "N1  A crash at every place, then the same command again"),
        _places(together(of(results, N1))),
        _by_scenario(of(results, N2), "N2  A second crash while going on after the first"),
        _disk(of(results, N3)),
        _journal(of(results, N4)),
        _by_scenario(of(results, N5), "N5  Eight faults of the gateway or the people at every act"),
        _faults(of(results, N5)),
        _mutants(of(results, N12)),
        _missing(results),
    ]
    return "\n\n".join(part for part in parts if part)


def page(results: Sequence[Result]) -> str:
    """The page of the documentation."""
    title, _, rest = PAGE.partition("\n\n")
    return f"{title}\n\n{NOTICE}\n\n{rest}```text\n{text(results)}\n```\n"


def of(results: Iterable[Result], goal: str) -> list[Result]:
    """The results of a goal."""
    return [item for item in results if item.task.goal == goal]


def together(results: Iterable[Result]) -> Figures:
    """All of them as one."""
    return sum((item.figures for item in results), Figures())


def verdict(results: Sequence[Result]) -> list[str]:
    """Everything that is not as it should be, a line each."""
    found = [f"{item.task.goal} {item.begins.scenario}: {line}" for item in results for line in item.figures.wrong]
    shown = [*found[:MOST_SHOWN], *([f"and {len(found) - MOST_SHOWN} more"] if len(found) > MOST_SHOWN else [])]
    for goal, kinds in {N1: KINDS, N5: FAULTS}.items():
        seen = together(of(results, goal)).kinds
        shown += [f"{goal}: {kind} was never met" for kind in kinds if of(results, goal) and not seen[kind]]
    if (judged := _judged(results)) and share_killed(judged) < LEAST_KILLED:
        shown.append(f"N12: {share_killed(judged):.1%} of the guards would be missed, not {LEAST_KILLED:.0%}")
    return shown


def _by_scenario(results: list[Result], title: str) -> str:
    if not results:
        return ""
    rows = [(name, [item for item in results if item.begins.scenario == name]) for name in _scenarios()]
    head = "".join(f"{word:>11}" for word in HEAD)
    lines = [title, "", f"{'':19}{head}"]
    lines += [_row(name, found) for name, found in rows if found]
    return "\n".join([*lines, _row("together", results)])


def _missing(results: Sequence[Result]) -> str:
    """What `make crash` does and these figures do not have: a part of it was run."""
    done = {(item.task.goal, item.task.start, item.task.topology) for item in results}
    goals = (N0, N1, N2, N3, N4, N5, N12)
    wanted = tasks(set(goals), full=False)
    left = Counter(task.goal for task in wanted if (task.goal, task.start, task.topology) not in done)
    every = Counter(task.goal for task in wanted)
    parts = ", ".join(f"{goal} {left[goal]} of {every[goal]} parts" for goal in goals if left[goal])
    return f"Not run for these figures: {parts}." if parts else ""


def _enumerated(results: list[Result]) -> str:
    """Every start with its steps and places, in the smallest topology and in the largest that were looked at."""
    if not results:
        return ""
    lines = ["The places there are, in the smallest topology and in the largest", ""]
    lines.append(f"{'':45}{'steps':>8}{'places':>8}{'steps':>10}{'places':>8}")
    for number, start in enumerate(STARTS):
        at = {item.task.topology: item.figures for item in results if item.task.start == number}
        small, large = at[ENDS[0]], at[ENDS[1]]
        counts = f"{small.steps:>8,}{small.points:>8,}{large.steps:>10,}{large.points:>8,}"
        lines.append(f"{f'{start.scenario}, {start.id}':45}{counts}")
    figures, wide = together(results), len({item.task.topology for item in results})
    return "\n".join([*lines, "", f"{figures.points:,} places at {figures.steps:,} steps in {wide} topologies."])


def _scenarios() -> list[str]:
    return list(dict.fromkeys(start.scenario for start in STARTS))


def _row(name: str, results: list[Result]) -> str:
    all_of_it = together(results)
    counts = [
        len({item.task.topology for item in results}),
        all_of_it.steps,
        all_of_it.cases,
        all_of_it.crashes,
        len(all_of_it.violations),
        len(all_of_it.lost),
        len(all_of_it.repeated),
        len(all_of_it.stuck),
        round(sum(item.seconds for item in results)),
    ]
    return f"{name:19}" + "".join(f"{count:>11,}" for count in counts)


def _places(figures: Figures) -> str:
    if not figures.cases:
        return ""
    return _prose(
        _counts("By place: ", KINDS, figures.kinds),
        f"{figures.same:,} stand exactly as another case. Of the others {figures.joined:,} were followed until they",
        "stood as the run without a crash behind the same step, the rest to their end.",
        f"{figures.states:,} states were held against the invariants.",
        f"{figures.again:,} runs were stopped in order and took the command once more; in {figures.by_hand:,} people",
        f"finished a step by hand, in {figures.decided:,} they decided that it be done again.",
    )


def _prose(*parts: str) -> str:
    return textwrap.fill(" ".join(parts), 118, break_long_words=False, break_on_hyphens=False)


def _counts(lead: str, names: Iterable[str], counts: Counter[str]) -> str:
    return lead + ", ".join(f"{name} {counts[name]:,}" for name in names) + "."


def _disk(results: list[Result]) -> str:
    if not results:
        return ""
    figures, stopped = together(results), sum(item.more["stopped"] for item in results)
    told = _prose(
        f"{figures.points:,} operations, {figures.cases:,} cases ({', '.join(figures.kinds)}).",
        f"{stopped:,} runs said that they could not go on; the same command brought all but {len(figures.stuck)} to",
        f"their end. {len(figures.violations)} violations, {len(figures.lost)} lost, {len(figures.repeated)} repeated.",
    )
    return f"N3  A disk that fails at one file operation, and from then on\n\n{told}"


def _journal(results: list[Result]) -> str:
    if not results:
        return ""
    figures, size = together(results), sum(item.more["bytes"] for item in results)
    told = _prose(
        f"{size:,} bytes: cut at {figures.kinds['cut']:,} places, changed in {figures.kinds['changed']:,} ways;",
        f"{len(figures.lost)} times it was not found, or more was dropped than an incomplete last record.",
    )
    return f"N4  A journal that was cut or changed at any byte\n\n{told}"


def _faults(results: list[Result]) -> str:
    if not results:
        return ""
    figures = together(results)
    how: Counter[str] = sum((item.more for item in results), Counter())
    told = _prose(
        f"{how.total():,}: known by looking the key up {how['acted']:,}, by reading back {how['read-back']:,},",
        f"by a person {how['attested']:,}, never {how['never']:,}.",
        f"Sent again blindly, of class N: {sum('blindly' in item for item in figures.repeated)}.",
    )
    met = _prose(_counts("Met: ", FAULTS, figures.kinds))
    return f"{met}\n\nN6  Acts that were done and whose answer was lost\n\n{told}"


def share_killed(judged: Judged) -> float:
    """Of the guards whose loss or turn would be noticed; a declared convenience is none that has to be."""
    guarding = judged.met - judged.words.keys() | judged.killed
    return len(judged.killed) / len(guarding)


def _judged(results: Iterable[Result]) -> Judged | None:
    found = [item.judged for item in of(results, N12) if item.judged]
    return all_judged(found) if found else None


def _mutants(results: list[Result]) -> str:
    judged = _judged(results)
    if judged is None:
        return ""
    left = judged.met - judged.killed
    declared = {mutant for mutant in left if judged.words.get(mutant) == CONVENIENCE}
    head = "".join(f"{word:>11}" for word in ("mutants", "killed", "declared", "left"))
    lines = ["N12  Guards taken out, and turned round", "", f"{'':19}{head}"]
    for kind in dict.fromkeys(sorted(mutant.guard[0] for mutant in judged.met)):
        of_it = {mutant for mutant in judged.met if mutant.guard[0] == kind}
        counts = (len(of_it), len(of_it & judged.killed), len(of_it & declared), len(of_it & left - declared))
        lines.append(f"{kind:19}" + "".join(f"{count:>11,}" for count in counts))
    told = _prose(
        f"{share_killed(judged):.1%} of {len(judged.met - declared):,} killed; {len(declared):,} more are order rules",
        "that docs/reference/order.md declares a convenience. Left:",
    )
    return "\n".join([*lines, "", told, *sorted(_line(mutant) for mutant in left - declared)])


def _line(mutant: Mutant) -> str:
    kind, name = mutant.guard
    return f"  {kind} {mutant.how}: {name}"
