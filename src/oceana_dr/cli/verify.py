"""`oceana-dr verify plan.json`: schema, digest, and the safety proof again, independently.

In: a plan file. Out: what was checked and what is wrong; 0 or 3 (1 for a file that cannot be read).
It must never need the estate, the sites or the network.
"""

from __future__ import annotations

from pathlib import Path

import click

from oceana_dr.cli.project import emit, emit_json
from oceana_dr.diagnostics import InputRefused

UNREADABLE = "OD1505"


@click.command("verify")
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
def verify_command(plan_file: Path, form: str) -> int:
    """Check a saved plan again: schema, digest, safety proof."""
    from oceana_dr.operations.planfile import load_plan_file, verify_plan
    from oceana_dr.operations.schemas import check_document

    try:
        plan, data = load_plan_file(plan_file)
    except InputRefused as refused:
        if refused.diagnostics[0].code == UNREADABLE:
            raise
        return _not_whole(refused, form)
    wrong = check_document("plan", data)
    verdict = verify_plan(plan)
    problems = [*wrong, *verdict.problems]
    parallel = verdict.proof.parallel.pairs - len(verdict.proof.parallel.conflicts)
    if form == "json":
        emit_json(
            {
                "id": plan.id,
                "holds": not problems,
                "problems": problems,
                "checked": len(verdict.proof.checked),
                "not_applicable": list(verdict.proof.not_applicable),
                "attested": list(verdict.proof.attested),
                "states": verdict.proof.states,
                "violations": len(verdict.proof.broken),
                "parallel": parallel,
                "seconds": round(verdict.proof_s, 3),
                "counter_examples": [
                    {"id": item.id, "way": list(item.way), "details": list(item.details)} for item in verdict.refused
                ],
            }
        )
    else:
        emit(f"{plan.id}\n{plan.site} · {plan.scenario} · {len(plan.steps)} steps")
        emit(f"schema: {'does not hold' if wrong else 'holds'}\ndigest: holds")
        figures = f"{len(verdict.proof.checked)} invariants, {verdict.proof.states} states"
        commuting = f"{parallel} pairs of steps in either order, {verdict.proof_s:.2f} s"
        emit(f"proof: {'does not hold' if verdict.problems else 'holds'} ({figures}, {commuting})")
        details = {item.message: item.details for item in verdict.refused}
        for problem in problems:
            _emit_wrapped(f"- {problem}", 2)
            for line in details.get(problem, ()):
                _emit_wrapped(line, 6)
    return 3 if problems else 0


def _emit_wrapped(text: str, indent: int) -> None:
    """A line as wide as the terminal; what goes on is two further in."""
    import textwrap

    from oceana_dr.cli.terminal import stdout_style

    margin = " " * indent
    wrapper = textwrap.TextWrapper(
        stdout_style().width, initial_indent=margin, subsequent_indent=f"{margin}  ", break_on_hyphens=False
    )
    for line in wrapper.wrap(text):
        emit(line)


def _not_whole(refused: InputRefused, form: str) -> int:
    """A file that is no plan, or not the one that was made: that is what `verify` is asked about, so it says no."""
    from oceana_dr.cli.failures import show_diagnostics

    if form == "json":
        problems = [f"{found.code} {found.message}" for found in refused.diagnostics]
        emit_json({"id": None, "holds": False, "problems": problems})
    else:
        show_diagnostics(refused)
    return 3
