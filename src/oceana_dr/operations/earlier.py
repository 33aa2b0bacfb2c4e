"""What earlier runs of a site left open: steps in doubt, and the unfinished run that the site's files still call for.

In: the runs of a site. Out: doubts that a new run inherits; the plan to go on with.
A step that nobody knows the end of must never look untouched to a plan that was made anew.
"""

from __future__ import annotations

from collections.abc import Callable

from oceana_dr.diagnostics import OceanaError
from oceana_dr.execute.resume import Standing, pasts
from oceana_dr.plan.codec import read_plan
from oceana_dr.plan.model import Plan, StepClass
from oceana_dr.store.records import Inherited
from oceana_dr.store.runs import RunFiles, Runs, RunSummary, summarise


def open_doubts(runs: Runs, site: str, new: str) -> tuple[Inherited, ...]:
    """Steps that may be done once only, and that a run before `new` was interrupted in; not settled since.

    A later run settles a doubt by doing the step, and a finished one all doubts of its scenario: its plan was
    made from what read then, and whatever was missing it has done.
    """
    found: dict[str, tuple[str, Inherited]] = {}
    over = runs.taken_back(site)
    for place in runs.all(site):
        if place.run == new or place.run in over:
            continue
        try:
            summary = summarise(place, runs.read(place))
            plan = _plan_of(runs, summary)
        except OceanaError:
            continue  # what cannot be read tells nothing; `report` says why
        if summary.finished:
            found = {step: item for step, item in found.items() if item[0] != plan.scenario}
        for step_id, past in pasts(summary.contents.entries).items():
            found.pop(step_id, None)
            if past.standing is Standing.DOUBT and plan.step(step_id).step_class is StepClass.ONCE:
                found[step_id] = (plan.scenario, Inherited(step_id, place.run, past.key))
    return tuple(item for _, item in found.values())


def unfinished_plan(runs: Runs, site: str, digest: Callable[[], str]) -> tuple[Plan, bytes] | None:
    """The plan of the site's last run, if it was begun and not ended, and the site's files are still the same.

    `digest` is asked only then. A run that takes another one back is gone on with by its own plan only.
    """
    places = runs.all(site)
    if not places:
        return None
    summary = summarise(places[-1], runs.read(places[-1]))
    if summary.finished or places[-1].run in runs.taken_back(site) or not _is_begun(summary):
        return None
    plan = _plan_of(runs, summary)
    if plan.undoes is not None or plan.source.digest != digest():
        return None
    return plan, runs.plan_file(summary.files)


def _is_begun(summary: RunSummary) -> bool:
    return any(past.attempts for past in pasts(summary.contents.entries).values())


def _plan_of(runs: Runs, summary: RunSummary) -> Plan:
    files: RunFiles = summary.files
    return read_plan(runs.plan_file(files), str(files.plan))
