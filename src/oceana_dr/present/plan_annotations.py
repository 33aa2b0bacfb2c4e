"""A plan as annotations of a pull request's files: on each line, the steps that it causes.

In: a plan. Out: GitHub's workflow commands, one a line.
It must never write more of a kind than GitHub shows in one go: what is left over is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from oceana_dr.plan.model import Cause, Finding, Plan, Step
from oceana_dr.present.cells import show_text
from oceana_dr.present.diagnostic_machine import workflow_command
from oceana_dr.present.findings_text import INFO, REFUSE
from oceana_dr.present.phrases import counted

MOST: Final = 10
"""GitHub shows ten errors, ten warnings and ten notices of one step of a job."""
_MOST_STEPS: Final = 12


def render_annotations(plan: Plan) -> str:
    """What forbids the plan, what it warns about, and the lines of the site behind its steps."""
    refused = [item for item in plan.findings if item.severity == REFUSE]
    warnings = [item for item in plan.findings if item.severity not in {REFUSE, INFO}]
    lines = [*_findings("error", refused), *_findings("warning", warnings), *_causes(plan)]
    return "".join(f"{line}\n" for line in lines)


def _findings(level: str, found: list[Finding]) -> Iterator[str]:
    for item in found[: MOST - 1] if len(found) > MOST else found:
        yield workflow_command(level, {"title": _shown(item.code)}, _shown(item.message))
    if len(found) > MOST:
        yield workflow_command(level, {"title": "more findings"}, f"and {len(found) - MOST + 1} more; see the plan")


def _causes(plan: Plan) -> Iterator[str]:
    """The lines with the most steps first."""
    by_cause: dict[Cause, list[Step]] = {}
    for step in plan.steps:
        for cause in step.cause:
            by_cause.setdefault(cause, []).append(step)
    ordered = sorted(by_cause, key=lambda cause: (-len(by_cause[cause]), cause.file, cause.line))
    shown = ordered[: MOST - 1] if len(ordered) > MOST else ordered
    for cause in shown:
        steps = by_cause[cause]
        title = f"{plan.site}: {counted(len(steps), 'step')} of the plan"
        properties = {"file": _shown(cause.file), "line": str(cause.line), "title": _shown(title)}
        yield workflow_command("notice", properties, "\n".join(_rows(steps)))
    if len(ordered) > len(shown):
        rest = len(ordered) - len(shown)
        yield workflow_command("notice", {"title": f"{plan.site}: more lines"}, f"and {rest} more lines cause steps")


def _rows(steps: list[Step]) -> Iterator[str]:
    for step in steps[:_MOST_STEPS]:
        mark = " (no way back)" if step.irreversible is not None else ""
        yield _shown(f"{step.id} {step.title}{mark}")
    if len(steps) > _MOST_STEPS:
        yield f"and {len(steps) - _MOST_STEPS} more"


def _shown(text: str) -> str:
    return show_text(text, ascii_only=False)
