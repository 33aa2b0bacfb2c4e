"""A run's report as data: planned against actual, how each step was done, who said what, by which record.

In: the plan of a run and its journal. Out: a `Report`, which text, Markdown, a page and JSON are made of.
The same journal must give the same report: whether a process still works on it is for `status` to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oceana_dr.plan.model import Plan
from oceana_dr.present.report.facts import Act, ChannelRun, Kept, acts_of, channel_runs, trail_of
from oceana_dr.present.run_view import RunView, State, view_run

GENESIS = "0" * 64
"""The head of a journal that holds nothing."""


@dataclass(frozen=True, slots=True)
class Report:
    """A plan, its run, and both together: `start_s` by step, from the run's begin on the estate's clock.

    `trail`: by step, the records about it.
    """

    plan: Plan
    view: RunView
    start_s: Mapping[str, int]
    total_s: int
    entries: tuple[Kept, ...] = ()
    trail: Mapping[str, tuple[Kept, ...]] = field(default_factory=dict)
    channels: tuple[ChannelRun, ...] = ()
    acts: tuple[Act, ...] = ()

    @property
    def outcome(self) -> str:
        """`finished`, `incomplete` (steps were skipped), `stopped`, `not ended` (running, or cut off), `not begun`."""
        if self.view.finished_at:
            return "incomplete" if self.view.skipped else "finished"
        if self.view.started is None:
            return "not begun"
        return "not ended" if self.view.running else "stopped"

    @property
    def head(self) -> str:
        """The hash of the last record, which stands for the whole journal."""
        return self.entries[-1].digest if self.entries else GENESIS

    @property
    def run(self) -> str:
        """The run's id; empty before it began."""
        return self.view.started.run if self.view.started is not None else ""

    def count(self, state: State) -> int:
        """How many steps of the plan stand so."""
        return sum(self.view.step(step.id).state is state for step in self.plan.steps)

    def rests_on(self, step: str) -> Kept | None:
        """The record that says how a step stands: the last one about it."""
        return self.trail[step][-1] if step in self.trail else None


def make_report(plan: Plan, entries: Sequence[Kept]) -> Report:
    """Read the journal against the plan."""
    view, kept = view_run(entries), tuple(entries)
    start = {name: max(0, (run.began_ms - view.began_ms) // 1000) for name, run in view.steps.items() if run.attempts}
    total = max(0, (view.last_ms - view.began_ms) // 1000)
    return Report(plan, view, start, total, kept, trail_of(kept), channel_runs(plan, kept), tuple(acts_of(kept)))
