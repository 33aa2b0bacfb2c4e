"""What can be said about a user's input, and what the world can do to a command.

`Diagnostic` is for everything a user can cause: collected, located, all shown in one run.
`OceanaError` is for everything the world causes: one tree, each with an exit code and a hint.
Neither may ever carry a secret's value.
"""

from oceana_dr.diagnostics.bounded import MOST, bounded
from oceana_dr.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
from oceana_dr.diagnostics.errors import (
    InputRefused,
    OceanaError,
    OutOfSpace,
    OutsideWindow,
    Refused,
    RevisionUnknown,
    RunStopped,
    Stale,
    StateLocked,
    StateUnreachable,
    SystemUnavailable,
    Unreadable,
    WaitingForPerson,
)
from oceana_dr.diagnostics.order import in_order
from oceana_dr.diagnostics.span import Span

__all__ = [
    "MOST",
    "Diagnostic",
    "Fix",
    "InputRefused",
    "Label",
    "OceanaError",
    "OutOfSpace",
    "OutsideWindow",
    "Refused",
    "RevisionUnknown",
    "RunStopped",
    "Severity",
    "Span",
    "Stale",
    "StateLocked",
    "StateUnreachable",
    "SystemUnavailable",
    "Unreadable",
    "WaitingForPerson",
    "bounded",
    "in_order",
]
