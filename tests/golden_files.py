"""The type of the `golden` fixture, for annotations."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Golden: TypeAlias = Callable[[Path, str], None]
