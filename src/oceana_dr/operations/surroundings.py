"""The environment of programs that we start and that need none of our secrets: git, ssh-keygen.

In: our environment. Out: what such a program looks at.
A secret that is referred to as `env:NAME` must never stand in the environment of another program.
"""

from __future__ import annotations

import os
from typing import Final

_KEPT: Final = frozenset({"PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TMPDIR", "TZ", "SSH_AUTH_SOCK"})
_BEGINNINGS: Final = ("LC_", "XDG_", "GIT_", "LD_")


def surroundings(**more: str) -> dict[str, str]:
    """What a program of the system needs of our environment, and more."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith(_BEGINNINGS)}
    return {**kept, **more}
