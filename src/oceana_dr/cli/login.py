"""Who is at the keyboard, where the command does not say it.

In: the process. Out: a name for locks, journals and a lab's edits.
It must never fail: a container's user may have no name.
"""

from __future__ import annotations

import getpass

NOBODY = "somebody"


def login_name() -> str:
    """The login of this process's user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return NOBODY
