"""The command group: names and one-line helps as data, each command imported when it is called.

In: arguments. Out: an exit code; every expected error ends as a message, a hint and its code.
A traceback must never reach a user for anything that is not a bug of ours.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

from oceana_dr import __version__

COMMANDS: Final[Mapping[str, str]] = {
    "validate": "Check site files: syntax, types, references, rules; all errors at once.",
    "compile": "Write the desired state and its artifacts as files.",
    "plan": "Read live state and print the ordered, proven plan.",
    "show": "Print a saved plan, with no access to the estate.",
    "verify": "Check a saved plan again: schema, digest, safety proof.",
    "apply": "Run exactly a plan; running it again resumes.",
    "rollback": "Plan how to undo a run, as far as its point of no return.",
    "status": "What a run is doing now, from a second terminal.",
    "history": "Runs of a site: who, what, when, how it ended.",
    "report": "What a run did, planned against actual.",
    "drift": "Live state against last applied against desired.",
    "snapshot": "What is live now, as a file for plan --live.",
    "explain": "Why this value, why this step, what this error means.",
    "catalogue": "The product's knowledge of Oceana, as tables.",
    "schema": "Print a JSON Schema: site, defaults, project, plan, …",
    "lab": "The embedded estate for learning, tests and drills.",
}


class Commands(click.Group):
    """Commands by name, imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the form click asks for
        """In the order in which people use them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"oceana_dr.cli.{cmd_name}"), f"{cmd_name}_command")
        assert isinstance(command, click.Command)
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
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            ctx.fail(f"There is no command `{name}`.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="oceana-dr %(version)s")
@click.option("-C", "folder", metavar="DIR", default=".", help="Run as if started in DIR.")
@click.option("--no-color", is_flag=True, help="No colours (also: NO_COLOR).")
@click.option("--no-cache", is_flag=True, help="Read and check every file anew (also: OCEANA_DR_NO_CACHE).")
@click.pass_context
def app(ctx: click.Context, folder: str, *, no_color: bool, no_cache: bool) -> None:
    """Disaster recovery of an Avaya Oceana 3.5 contact centre, as code.

    A switchover is a one-line pull request: `operational: dc1` becomes `dc2`.
    """
    ctx.obj = {"folder": folder, "no_color": no_color, "no_cache": no_cache}


def run(arguments: list[str] | None = None) -> int:
    """Run with these arguments (default: the process's); returns the exit code."""
    try:
        result = app.main(args=arguments, prog_name="oceana-dr", standalone_mode=False)
        code = result if isinstance(result, int) else 0
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away (`| head`): nothing is wrong, and flushing at exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        error.show()
        return 1
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("\nstopped\n")
        return 4
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES}:
            raise
        sys.stderr.write(f"error: {error.strerror or error}\n")
        return 1
    except Exception as error:  # noqa: BLE001 - the tree of expected errors is shown, all else is raised again
        from oceana_dr.cli.failures import show_failure  # not for `--help`: it brings the diagnostics

        return show_failure(error)
    return code
