"""Pictures of a page as evidence: a file below the state folder, with its SHA-256.

In: a session, a folder. Out: a `Picture`; None where none can be taken, which is no reason to stop.
A password must never be on one: fields for passwords are covered, and a page that shows it elsewhere is not taken.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from oceana_dr.drivers.console.contract import Picture, pattern
from oceana_dr.drivers.console.session import Session
from oceana_dr.estate.values import Json

_SHOWN: Final = (
    "() => (document.body?.innerText ?? '') + [...document.querySelectorAll('input:not([type=password]), textarea')]"
    ".map(field => '\\n' + field.value).join('')"
)
_COVERED: Final = "input[type=password]"


class Album:
    """The pictures of one act or one look, `PREFIX-1-NAME.png` and so on; a folder of None takes none."""

    def __init__(self, folder: Path | None, prefix: str) -> None:
        self._folder = folder
        self._prefix = re.sub(r"[^A-Za-z0-9._-]+", "-", prefix)
        self.pictures: list[Picture] = []

    def take(self, session: Session, name: str) -> Picture | None:
        """A picture of the whole page as it is now."""
        from playwright.sync_api import Error

        if self._folder is None:
            return None
        try:
            if _shows_password(session):
                session.told.append(f"a picture “{name}”: not taken, the page shows the password")
                return None
            label = pattern(session.console.password_label)
            covered = [frame.locator(_COVERED).or_(frame.get_by_label(label)) for frame in session.page.frames]
            image = session.page.screenshot(full_page=True, mask=covered, animations="disabled")
            found = self._kept(f"{self._prefix}-{len(self.pictures) + 1}-{name}.png", image)
        except (Error, OSError) as error:
            session.told.append(f"a picture “{name}”: not taken ({type(error).__name__})")
            return None
        self.pictures.append(found)
        return found

    def _kept(self, name: str, image: bytes) -> Picture:
        assert self._folder is not None
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / name
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(image)
            file.flush()
            os.fsync(file.fileno())
        return Picture(path, hashlib.sha256(image).hexdigest(), len(image))


def to_json(pictures: Sequence[Picture]) -> list[Json]:
    """Pictures as they stand in a journal's evidence."""
    return [{"path": str(item.path), "sha256": item.sha256, "size": item.size} for item in pictures]


def _shows_password(session: Session) -> bool:
    shown = "\n".join(str(frame.evaluate(_SHOWN)) for frame in session.page.frames)
    return session.hide(shown) != shown
