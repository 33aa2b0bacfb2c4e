"""The first thing that runs: `--version` is answered before anything else is imported.

In: `sys.argv`. Out: the exit code.
It must never import click, dataclasses or pathlib before it knows that they are needed.
"""

import sys


def main() -> int:
    """Run the command line; returns the exit code."""
    if sys.argv[1:] == ["--version"]:
        from oceana_dr import __version__

        if sys.stdout is None:
            return 0
        try:
            sys.stdout.write(f"oceana-dr {__version__}\n")
            sys.stdout.flush()
        except OSError as error:
            import os

            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python would try again at exit
            if not isinstance(error, BrokenPipeError):
                sys.stderr.write(f"error: the version could not be written: {error.strerror}\n")
                return 1
        return 0
    import os

    # No plug-ins of other packages take part in reading a site; looking for them costs 20 ms as well.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    import gc

    # A command makes its objects and ends: looking for rings among them again and again costs a twentieth of it.
    gc.set_threshold(50_000, 20, 20)
    from oceana_dr.cli.main import run

    return run()
