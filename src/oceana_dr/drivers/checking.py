"""Answers for `doctor` that many drivers give: a secret, a clock.

In: a reference, a skew in seconds. Out: a `Check`.
A secret is looked up to see that it is there, and let go of at once.
"""

from __future__ import annotations

from typing import Final

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.drivers.secret import fingerprint, named, resolve
from oceana_dr.estate.values import SecretRef

FARTHEST_S: Final = 60.0
"""Clocks that are farther apart put records of both sides in a wrong order."""


def check_secret(secret: SecretRef, key: bytes = b"") -> Check:
    """Whether the secret can be had; with a key, its fingerprint."""
    try:
        found = resolve(secret)
    except Unreadable as error:
        return Check(Aspect.SECRETS, Health.BAD, error.message, named(secret), error.hint or "")
    mark = fingerprint(found, key) if key else ""
    said = f", fingerprint {mark}" if mark else ""
    return Check(Aspect.SECRETS, Health.GOOD, f"is there{said}", named(secret), mark=mark)


def skew_check(skew_s: float, about: str, farthest_s: float = FARTHEST_S) -> Check:
    """Whether the system's clock, ahead of ours by so much, is near enough."""
    off = abs(skew_s)
    far = f"{off:.1f} s" if off < 120 else f"{off / 60:.0f} min" if off < 7200 else f"{off / 3600:.0f} h"
    said = f"{far} {'ahead of' if skew_s > 0 else 'behind'} ours"
    if off > farthest_s:
        hint = "set both by the same NTP servers"
        return Check(Aspect.CLOCK, Health.BAD, said, about, hint, skew_s)
    return Check(Aspect.CLOCK, Health.GOOD, said, about, "", skew_s)
