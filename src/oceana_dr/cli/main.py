"""The command group: names and one-line helps as data, each command imported when it is called.

In: arguments. Out: an exit code; every expected error ends as a message, a hint and its code.
A traceback must never reach a user for anything that is not a bug of ours.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword
from typing import Final

import click

from oceana_dr import __version__

COMMANDS: Final[Mapping[str, str]] = {
    "init": "Write a new site: valid, commented, ready to plan.",
    "import": "Write the site file of an estate that is there.",
    "validate": "Check site files: syntax, types, references, rules; all errors at once.",
    "fmt": "Lay site files out: order of keys, style; comments stay.",
    "compile": "Write the desired state and its artifacts as files.",
    "plan": "Read live state and print the ordered, proven plan.",
    "show": "Print a saved plan, with no access to the estate.",
    "runbook": "Write a plan as a document to follow when the tool is down.",
    "graph": "Draw a site's systems, or what waits for what in a plan.",
    "verify": "Check a saved plan again: schema, digest, safety proof.",
    "approve": "Approve exactly a plan, with your SSH key.",
    "approvals": "Who approved a plan, what is missing, what does not count.",
    "apply": "Run exactly a plan; running it again resumes.",
    "window": "Whether a plan may be applied, now or at a time, and when next.",
    "rollback": "Plan how to undo a run, as far as its point of no return.",
    "status": "What a run is doing now, from a second terminal.",
    "desk": "Steps that wait for people: claim, hand over, answer, from any terminal.",
    "history": "Runs of a site: who, what, when, how it ended.",
    "report": "What a run did, planned against actual.",
    "audit": "Check that the journals are whole, and that none is missing.",
    "drift": "Live state against last applied against desired.",
    "precheck": "Every check a scenario needs, each with age and source.",
    "drill": "Play a plan through against a twin; the estate is not touched.",
    "snapshot": "What is live now, as a file for plan --live.",
    "observe": "What only people can see of a site, and what they saw.",
    "explain": "Why this value, why this step, what this error, rule or procedure means.",
    "catalogue": "The product's knowledge of Oceana, as tables.",
    "doctor": "Whether every driver reaches its system and may act there.",
    "driver-test": "Test a driver: reads what it wrote, unknown is not done.",
    "schema": "Print a JSON Schema: site, defaults, project, plan, …",
    "state": "What is remembered of a site, a lock left behind, a team's state.",
    "lab": "The embedded estate for learning, tests and drills.",
    "completion": "Print the script with which a shell completes commands, sites and plans.",
}
COMPLETING: Final = "_OCEANA_DR_COMPLETE"
"""Click's name for it: set where a shell asks what may stand next."""


class Commands(click.Group):
    """Commands by name, imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the form click asks for
        """In the order in which people use them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = f"{name}_" if iskeyword(name) else name
        command = getattr(import_module(f"oceana_dr.cli.{module}"), f"{name}_command")
        assert isinstance(command, click.Command)
        if COMPLETING in os.environ:
            from oceana_dr.cli.completion import know_sites

            return know_sites(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """Names and helps from the table: `--help` imports no command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name suggested."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from oceana_dr.diagnostics.nearest import nearest

            near = nearest(name, COMMANDS)
            hint = f" Did you mean `{near}`?" if near else ""
            ctx.fail(f"There is no command `{name}`.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="oceana-dr %(version)s")
@click.option(
    "-C", "folder", metavar="DIR", default=".", help="Run as if started in DIR: every path is meant from there."
)
@click.option("--no-color", is_flag=True, help="No colours (also: NO_COLOR).")
@click.option("--no-cache", is_flag=True, help="Read and check every file anew (also: OCEANA_DR_NO_CACHE).")
@click.option(
    "--local-state",
    "alone",
    metavar="REASON",
    help="The team's state is lost: work with this machine's copy of it. The reason is recorded.",
)
@click.pass_context
def app(ctx: click.Context, folder: str, alone: str | None, *, no_color: bool, no_cache: bool) -> None:
    """Disaster recovery of an Avaya Oceana 3.5 contact centre, as code.

    A switchover is a one-line pull request: `operational: dc1` becomes `dc2`.
    """
    if folder != ".":
        os.chdir(folder)
    ctx.obj = {"folder": ".", "no_color": no_color, "no_cache": no_cache, "alone": alone}


def run(arguments: list[str] | None = None) -> int:
    """Run with these arguments (default: the process's); returns the exit code."""
    _open_streams()
    before = _here()
    try:
        code = _run(arguments)
    finally:
        if before is not None:
            os.chdir(before)  # -C is for this call, not for who called
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        pass  # the reader went away (`| head`): nothing is wrong
    except OSError as error:
        if not code:
            _complain(f"error: the output could not be written: {error.strerror}")
            code = 1
    _give_up_unwritten()
    return code


def _here() -> str | None:
    try:
        return os.getcwd()  # noqa: PTH109 - pathlib would be imported for this alone
    except OSError:
        return None  # the folder we are in was removed


def _run(arguments: list[str] | None) -> int:
    try:
        result = app.main(args=arguments, prog_name="oceana-dr", standalone_mode=False)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except SystemExit:
        return 0  # so click leaves when the reader went away
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return 1
    except (click.Abort, KeyboardInterrupt):
        _complain("\nstopped")
        return 4
    except UnicodeError as error:
        _complain(f"error: a name is no text in this locale: {error!s:.200}")
        return 1
    except OSError as error:
        _complain(f"error: {error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        return 1
    except Exception as error:  # noqa: BLE001 - the tree of expected errors is shown, all else is raised again
        from oceana_dr.cli.failures import show_failure  # not for `--help`: it brings the diagnostics

        return show_failure(error)
    return result if isinstance(result, int) else 0


def _open_streams() -> None:
    """Streams that were closed (`>&-`) lead nowhere; else the next file opened would take their place.

    A letter that stdout's encoding lacks is written as its number.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    # Python has `None` for a stream that was closed, whatever its type says.
    sys.stdin, sys.stdout, sys.stderr = (stream or io.StringIO() for stream in (sys.stdin, sys.stdout, sys.stderr))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _complain(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")


def _give_up_unwritten() -> None:
    """What still cannot be written is given up: Python would complain of it once more, and change the exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
