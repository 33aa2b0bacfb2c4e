"""`oceana-dr audit verify [RUN|SITE|all]`: whether the journals are what was written, and none is missing.

In: what to look at, hashes that were noted elsewhere. Out: journals, findings, a verdict; 0 passed, 3 failed.
It must change nothing, also where it finds that something is wrong.
"""

from __future__ import annotations

import click

from oceana_dr.cli.project import emit, emit_json, opened


@click.group("audit")
def audit_command() -> None:
    """Check that the journals are whole, and that none is missing."""


@audit_command.command("verify")
@click.argument("what", metavar="[RUN|SITE|all]", default="all")
@click.option(
    "--head",
    "heads",
    metavar="HASH",
    multiple=True,
    help="A record's hash that was noted elsewhere, e.g. in a report; it must still be there.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def verify_command(context: click.Context, what: str, heads: tuple[str, ...], form: str) -> int:
    """Check lengths, checksums and the chain of every journal, its plan, and that no run is missing.

    Exit codes: 0 passed; 3 something was changed, or is missing. A last record that was never finished is what a crash
    leaves, and passes.
    """
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.auditing.audit import audit
    from oceana_dr.present.audit_text import audit_to_json, render_audit
    from oceana_dr.present.style import Style

    found = audit(opened(context), what, heads)
    if form == "json":
        emit_json(audit_to_json(found))
    else:
        shown = stdout_style()
        emit(render_audit(found, Style(ascii=shown.ascii, color=shown.colour), shown.width))
    return 0 if found.passed else 3
