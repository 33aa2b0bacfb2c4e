"""`oceana-dr completion SHELL`: the script that makes a shell complete commands, options, sites and plan files.

In: bash, zsh or fish. Out: the script on stdout; and, when a shell asks, the names of sites.
A project that is broken, or none, must never be said while somebody types: then nothing is offered.
"""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, get_completion_class

from oceana_dr.cli.main import COMPLETING
from oceana_dr.cli.project import emit

PROGRAM = "oceana-dr"


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(context: click.Context, shell: str) -> int:
    """Print the script that completes commands, options, sites and plan files in a shell."""
    made = get_completion_class(shell)
    assert made is not None  # the choice names those that click has
    emit(made(context.find_root().command, {}, PROGRAM, COMPLETING).source().rstrip("\n"))
    return 0


class SiteName(click.types.StringParamType):
    """A word that may be a site; `files`: or the path of a plan."""

    def __init__(self, *, files: bool) -> None:
        self._files = files

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - the form click asks for
        """The project's sites that begin so; nothing of what cannot be read."""
        named = [CompletionItem(name) for name in _sites(ctx) if name.startswith(incomplete)]
        return [*named, CompletionItem(incomplete, type="file")] if self._files else named


def know_sites(command: click.Command) -> click.Command:
    """The command with sites completed wherever one is named that has to be there."""
    if command.name in {"init", "import"}:
        return command
    for param in command.params:
        if param.name in {"site", "sites"}:
            param.type = SiteName(files=False)
        elif param.name == "target" and isinstance(param, click.Argument):
            param.type = SiteName(files=True)
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        know_sites(inner)
    return command


def _sites(context: click.Context) -> list[str]:
    from contextlib import suppress
    from pathlib import Path

    from oceana_dr.diagnostics import OceanaError
    from oceana_dr.source.project import SITE_FILE, find_root

    with suppress(OceanaError, OSError):
        folder = find_root(Path(context.find_root().params.get("folder") or ".")) / "sites"
        return sorted(entry.name for entry in folder.iterdir() if (entry / SITE_FILE).exists())
    return []
