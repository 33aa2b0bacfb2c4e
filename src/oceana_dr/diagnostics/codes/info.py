"""What is known about one diagnostic code.

In: nothing. Out: `CodeInfo`, which `explain`, the documentation and the tests read.
A code never changes its meaning and is never used again for another one.
"""

from __future__ import annotations

from dataclasses import dataclass

from oceana_dr.diagnostics.diagnostic import Severity


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """A code (`OD1042`), its name for people, and its page of documentation.

    `explanation` says what is checked and why it matters; `wrong` and `right` are short examples;
    `manual` lists first and last lines of the manual's text. With `secret`, what the diagnostic
    points at must not be shown, whatever the output.
    """

    code: str
    name: str
    title: str
    explanation: str
    wrong: str
    right: str
    manual: tuple[tuple[int, int], ...] = ()
    severity: Severity = Severity.ERROR
    secret: bool = False
