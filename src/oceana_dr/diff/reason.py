"""Why a change is there.

In: nothing. Out: a closed list of reasons.
A change without a reason must never reach a plan.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a change is there: the site moved, the estate moved, both, first sight, or a scenario."""

    CONFIG = "config"
    DRIFT = "drift"
    BOTH = "both"
    ADOPT = "adopt"
    TRANSITION = "transition"
