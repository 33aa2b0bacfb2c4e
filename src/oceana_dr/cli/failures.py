"""How a command ends when it cannot do what it was asked.

In: an exception. Out: its message and hint on stderr (diagnostics in full), and its exit code.
An exception that is not of the expected tree is a bug: it must never be swallowed here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from oceana_dr.diagnostics import InputRefused, OceanaError


def show_failure(error: Exception) -> int:
    """Show an expected error; raises anything else again."""
    if isinstance(error, InputRefused):
        with suppress(OSError):
            show_diagnostics(error)
        return error.exit_code
    if isinstance(error, OceanaError):
        from oceana_dr.cli.terminal import stderr_style
        from oceana_dr.present.cells import show_text

        _show_findings(error)
        # A message may name what stands in a file or came from a gateway: it must not drive the terminal.
        plain = stderr_style().ascii
        text = f"error: {show_text(error.message, ascii_only=plain)}\n"
        if error.hint:
            text += f"  = help: {show_text(error.hint, ascii_only=plain)}\n"
        with suppress(OSError):  # the exit code says it too
            sys.stderr.write(text)
        return error.exit_code
    raise error


def _show_findings(error: OceanaError) -> None:
    """The findings of a refusal, each with the way past it; most errors have none."""
    findings = getattr(error, "findings", ())
    if not findings:
        return
    from oceana_dr.cli.terminal import stderr_style
    from oceana_dr.present.findings_text import finding_lines
    from oceana_dr.present.style import Style

    terminal = stderr_style()
    style = Style(ascii=terminal.ascii, color=terminal.colour)
    lines = finding_lines(findings, style, terminal.width, getattr(error, "again", None))
    with suppress(OSError):
        sys.stderr.write("\n".join(lines) + "\n")


def show_diagnostics(error: InputRefused, source: Callable[[str], str | None] | None = None) -> None:
    """Every diagnostic with its lines, on stderr."""
    from oceana_dr.cli.terminal import stderr_style
    from oceana_dr.present.diagnostic import render_text

    style = stderr_style()
    columns = style.width if sys.stderr.isatty() else 0
    text = render_text(error.diagnostics, source or _read, ascii=style.ascii, color=style.colour, columns=columns)
    sys.stderr.write(text if text.endswith("\n") else f"{text}\n")


def _read(file: str) -> str | None:
    """The text of a file named by a span: below the project's root, or as it is."""
    import click

    from oceana_dr.source.files import read_file  # never blocks, never reads without a bound

    context = click.get_current_context(silent=True)
    folder = Path(context.find_root().obj["folder"]) if context and context.find_root().obj else Path()
    for base in (folder.absolute(), *folder.absolute().parents):
        data = read_file(base / file, file)
        if isinstance(data, bytes):
            return data.decode("utf-8-sig", "replace")
    return None
