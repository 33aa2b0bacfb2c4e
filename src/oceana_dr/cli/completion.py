"""`oceana-dr completion SHELL`: the script that makes a shell complete commands, options, sites and plan files.

In: bash, zsh or fish. Out: the script on stdout.
It must never look at a project by itself: the shell asks again, in the folder where somebody types.
"""

from __future__ import annotations

import click

from oceana_dr.cli.project import emit

PROGRAM = "oceana-dr"
VARIABLE = "_OCEANA_DR_COMPLETE"
"""Click's own name for it: set by the script when a shell asks."""
BEFORE_PATHS = frozenset({"plan", "answers"})


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(context: click.Context, shell: str) -> int:
    """Print the script that completes commands, options, sites and plan files in a shell."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None  # the choice names those that click has
    emit(made(context.find_root().command, {}, PROGRAM, VARIABLE).source().rstrip("\n"))
    return 0
