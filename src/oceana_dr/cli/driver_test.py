"""`oceana-dr driver-test NAME`: whether a driver keeps to the protocol, rule by rule, on a target for tests.

In: a driver's name, options for a target of one's own. Out: a report; 0 if it keeps every rule tested, 3 if not.
It must never be pointed at an estate that serves contacts: its acts are carried out.
"""

from __future__ import annotations

from pathlib import Path

import click

from oceana_dr.cli.project import emit, emit_json


@click.command("driver-test")
@click.argument("name")
@click.option(
    "--options",
    type=click.Path(path_type=Path, dir_okay=False),
    help="YAML file of the driver's options: test it against that target, which it will change.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
def driver_test_command(name: str, options: Path | None, form: str) -> int:
    """Test a driver by every rule of the protocol: on its own target for tests, or on one that you name.

    Exit codes: 0 it keeps every rule that could be tested; 3 it breaks one.
    """
    from oceana_dr.cli.terminal import busy, stdout_style
    from oceana_dr.operations.testing_drivers import options_from, run_kit
    from oceana_dr.present.driver_test_text import render_driver_test

    given = None if options is None else options_from(name, options)
    with busy(f"testing {name}"):
        report = run_kit(name, given)
    style = stdout_style()
    if form == "json":
        emit_json(report.to_json())
    else:
        emit(render_driver_test(report.to_json(), width=style.width, colour=style.colour, ascii=style.ascii))
    return 0 if report.conforms else 3
