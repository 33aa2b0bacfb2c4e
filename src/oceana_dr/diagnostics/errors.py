"""What the world can do to a command: one exception tree, one exit code each.

In: a message for a person and a hint what to do next. Out: the exit code of the contract's table.
Bugs are not in this tree: they keep their traceback. A message must never hold a secret's value.
"""

from __future__ import annotations

from oceana_dr.diagnostics.bounded import bounded
from oceana_dr.diagnostics.diagnostic import Diagnostic


class OceanaError(Exception):
    """Root of everything a command may end with; `exit_code` follows the contract's table."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputRefused(OceanaError):
    """The user's input has errors; carries all of them, within the bound of each file."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(f"{len(diagnostics)} problem(s) in the input")
        self.diagnostics = bounded(diagnostics)


class Unreadable(OceanaError):
    """A file that a command needs or makes could not be read or written."""


class OutOfSpace(Unreadable):
    """The disk is full, or a quota is reached; nothing was half-written in its place."""


class StateUnreachable(Unreadable):
    """The team's state did not answer; what is not in it by now lies in the copy in the state folder."""


class RevisionUnknown(OceanaError):
    """git cannot say what has changed since the revision that was named."""


class SystemUnavailable(OceanaError):
    """A system of the estate, or the lab, did not answer."""


class Refused(OceanaError):
    """A guard refused: a limit, approvals, the proof, an unsupported scenario, a failed check."""

    exit_code = 3


class RunStopped(OceanaError):
    """A run stopped part-way: a step failed, or a signal came. It can be resumed."""

    exit_code = 4


class Stale(OceanaError):
    """What a plan or a step relies on has changed since it was read."""

    exit_code = 5


class StateLocked(OceanaError):
    """Somebody else is running a plan on this site."""

    exit_code = 6


class OutsideWindow(OceanaError):
    """No change window is open, or it ends before the plan does. Nothing is left half done; a run can be resumed."""

    exit_code = 7


class WaitingForPerson(OceanaError):
    """A person has to answer, and no terminal and no answer is there."""

    exit_code = 8
