"""`commands.md` and `exit-codes.md`: the command line, from click and from the tree of expected errors.

In: the program's own commands and errors. Out: two pages.
What `--help` says must never be said here again in other words.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from typing import Final

import click

from oceana_dr.cli.main import COMMANDS, app
from oceana_dr.diagnostics import errors
from scripts.reference.markdown import fence, page, prose, table

WIDTH: Final = 100
COMMAND_CODES: Final[Sequence[tuple[str, str]]] = (
    ("`fmt`", "0 done; 1 for a file that does not parse; with `--check` or `--diff` 2 for a difference"),
    ("`import`", "0 done; 1 also if the estate breaks a rule; 2 done, but a plan would have something to do"),
    ("`validate`", "1 for errors; 0 also with warnings"),
    ("`plan`, `rollback`", "0 made, also with steps; with `--detailed-exitcode` 2 where there are steps; 3 refused"),
    ("`show`", "0, however old the plan is"),
    ("`verify`", "0 holds; 3 does not, also a file that is cut off or was edited; 1 for one that cannot be read"),
    ("`audit verify`", "0 passed; 3 where something was changed, or is missing; a torn last record is neither"),
    (
        "`apply`",
        "0 done; 3, 4, 5, 6, 7 or 8 as above; 4 also for skipped steps. Run to its end: 0 if the estate agrees, else 5",
    ),
    ("`approve`", "0 it counts; 3 it would not, or nobody can approve the plan; nothing is kept then"),
    ("`approvals`", "0 approved; 3 not"),
    ("`desk`", "0 written down; 3 for an answer that does not count; 6 where somebody else has claimed the step"),
    ("`window`", "0 where a plan may be applied, else 7"),
    ("`doctor`", "0 all is well; 3 something is bad, or unknown"),
    ("`driver-test`", "0 it keeps every rule that could be tested; 3 it breaks one"),
    ("`drift`", "0 nothing; 2 for a difference or something unknown"),
)


def commands_page() -> str:
    """The help of every command."""
    return page(
        "Commands",
        "What `--help` says. Data goes to stdout, progress and diagnostics to stderr. Colours are used on a terminal "
        "only; `NO_COLOR` and `--no-color` turn them off. The project is looked for upwards from the current folder, "
        "or from `-C DIR`. State lies in `.oceana-dr/` beside `oceana-dr.yaml`; `OCEANA_DR_STATE` moves it. What each "
        "exit code means is in [Exit codes](exit-codes.md).",
        *_helps(),
    )


def _helps() -> Iterator[str]:
    # As the program makes it: without its settings the page would say less than `--help`, or as much, by chance.
    root = click.Context(app, info_name="oceana-dr", terminal_width=WIDTH, **app.context_settings)
    yield f"## oceana-dr\n\n{fence(app.get_help(root))}"
    for name in COMMANDS:
        found = app.get_command(root, name)
        assert found is not None, name
        yield from _help(found, name, root, 2)


def _help(command: click.Command, name: str, parent: click.Context, level: int) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH)
    yield f"{'#' * level} {context.command_path}\n\n{fence(command.get_help(context))}"
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None, child
            yield from _help(found, child, context, level + 1)


def exit_codes_page() -> str:
    """Every exit code, from the tree of expected errors."""
    kinds: dict[int, list[str]] = {
        0: ["Done, or nothing to do."],
        2: [
            (
                "Changes or drift are present (`plan --detailed-exitcode`, `rollback --detailed-exitcode`, `drift`, "
                "`fmt --check`, `import`)."
            )
        ],
    }
    kinds[1] = ["Bad input: every error of every file is shown at once.", "Bad usage: an unknown command or option."]
    for kind in vars(errors).values():  # in the order in which they stand there
        if inspect.isclass(kind) and issubclass(kind, errors.OceanaError):
            if kind in {errors.OceanaError, errors.InputRefused}:
                continue
            kinds.setdefault(kind.exit_code, []).append(inspect.getdoc(kind) or "")
    rows = [(f"`{number}`", prose(" ".join(kinds[number]))) for number in sorted(kinds)]
    return page(
        "Exit codes",
        "One table for all commands. An error says on stderr what happened and what to do next.",
        table(("code", "means"), rows),
        "## By command",
        table(("command", "ends with"), COMMAND_CODES),
        "Every command ends with 1 for bad input, and `apply` with 4 after Ctrl-C. A run that ended with 4, 6, 7 or 8 "
        "goes on when the same command is run again.",
    )
