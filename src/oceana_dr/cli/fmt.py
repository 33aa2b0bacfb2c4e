"""`oceana-dr fmt [SITE…]`: the canonical layout of the project's files, comments kept.

In: names of sites (every file of the project, if none). Out: the files that were written, or would be.
It must never touch a file that does not parse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from oceana_dr.cli.project import emit, opened

if TYPE_CHECKING:
    from oceana_dr.operations.formatting import Laid


@click.command("fmt")
@click.argument("sites", nargs=-1, metavar="[SITE]…")
@click.option("--check", is_flag=True, help="Write nothing; 2 if a file would change.")
@click.option("--diff", is_flag=True, help="As --check, and show what would change.")
@click.pass_context
def fmt_command(context: click.Context, sites: tuple[str, ...], *, check: bool, diff: bool) -> int:
    """Lay site files out: order of keys, style; comments stay.

    Without a SITE also sites/defaults.yaml and oceana-dr.yaml. What the files say never changes.
    Exit codes: 0 done; 1 for a file that does not parse (the others are laid out all the same);
    2 with --check or --diff for a difference.
    """
    from oceana_dr.cli.failures import show_diagnostics
    from oceana_dr.cli.validate import relative
    from oceana_dr.diagnostics import InputRefused
    from oceana_dr.operations.formatting import lay_out_files, write_layout

    project = opened(context)
    layouts = lay_out_files(project, sites)
    looking = check or diff
    for laid in layouts.different:
        if not looking:
            write_layout(laid)
        emit(_difference(laid) if diff else relative(project.root, laid.shown))
    count, different = len(layouts.files), len(layouts.different)
    word = "would change" if looking else "changed"
    click.echo(f"{different} of {count} file{'' if count == 1 else 's'} {word}", err=True)
    if layouts.diagnostics:
        show_diagnostics(InputRefused(layouts.diagnostics), project.source_text)
        return 1
    return 2 if looking and different else 0


def _difference(laid: Laid) -> str:
    """A unified diff, secrets masked; it cannot drive the terminal: a file that could does not parse."""
    from difflib import unified_diff

    from oceana_dr.present.masking import mask_suspect

    before, after = (mask_suspect(text.replace("\r", "").splitlines()) for text in (laid.before, laid.after))
    lines = list(unified_diff(before, after, laid.shown, laid.shown, lineterm=""))
    return "\n".join(lines) if lines else f"{laid.shown}: its lines end in different ways"
