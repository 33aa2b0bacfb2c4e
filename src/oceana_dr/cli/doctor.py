"""`oceana-dr doctor [SITE]`: whether every driver reaches its system and may act there; nothing is changed.

In: a site, or none for all. Out: a block for each driver, the state, this machine; 0 if all is well, 3 if not.
What is unknown must never pass for good.
"""

from __future__ import annotations

import click

from oceana_dr.cli.project import emit, emit_json, opened


@click.command("doctor")
@click.argument("site", required=False)
@click.option(
    "--within",
    type=click.FloatRange(0.1, 600),
    default=10.0,
    metavar="SECONDS",
    help="What has not answered by then is unknown (10).",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.pass_context
def doctor_command(context: click.Context, site: str | None, within: float, form: str) -> int:
    """Reach, authentication, version, clock, permissions and secrets of every driver, the state and this machine.

    All are asked at once. Exit codes: 0 all is well; 3 something is bad, or unknown.
    """
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.doctoring.diagnosis import diagnose
    from oceana_dr.present.doctor_text import DoctorText

    project = opened(context)
    if form == "json":
        found = diagnose(project, site, within_s=within)
        emit_json(found.to_json())
        return 0 if found.healthy else 3
    style = stdout_style()
    text = DoctorText(width=style.width, colour=style.colour, ascii=style.ascii)
    found = diagnose(
        project,
        site,
        within_s=within,
        begin=lambda asked: emit(text.heading(asked, within)),
        notice=lambda subject: emit(text.subject(subject)),
    )
    emit(text.verdict(found.subjects))
    return 0 if found.healthy else 3
