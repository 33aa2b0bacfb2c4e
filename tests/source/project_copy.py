"""A copy of the example project to break."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def copy_project(root: Path) -> Path:
    """The example project below `root`: settings, defaults and both sites' definitions."""
    for name in ("oceana-dr.yaml", "sites/defaults.yaml", "sites/acme/site.yaml", "sites/globex/site.yaml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    return root


def edit(path: Path, old: str, new: str) -> None:
    """Replace text that stands exactly once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
