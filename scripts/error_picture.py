"""Draws the picture of errors in the docs, from the real command on the example site with three slips in it.

In: the checkout. Out: `docs/pictures/error.svg` (100 columns).

    PYTHONPATH=src python scripts/error_picture.py
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.picture import draw
from scripts.plan_picture import FOLDER, ROOT, on_terminal, self_contained

SLIPS: Final = (
    ("sites/defaults.yaml", "  tls: false", "  tls: no"),
    ("sites/acme/site.yaml", "operational: dc1 ", "operatonal: dc1 "),
    ("sites/acme/site.yaml", "  url: https://epm.acme.example", '  url: "https://epm.acme.example'),
)
COMMAND: Final = ("validate", "acme")
COLUMNS: Final = 100


def main() -> None:
    """Draw the picture; another width can be asked for, to look at."""
    columns = int(sys.argv[1]) if len(sys.argv) > 1 else COLUMNS
    file = Path(sys.argv[2]) if len(sys.argv) > 2 else FOLDER / "error.svg"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "sites", folder / "sites")
        shutil.copy(ROOT / "oceana-dr.yaml", folder)
        for place, right, slip in SLIPS:
            path = folder / place
            text = path.read_text("utf-8")
            assert text.count(right) == 1, f"{right!r} stands {text.count(right)} times in {place}"
            path.write_text(text.replace(right, slip), "utf-8")
        text = on_terminal(columns, folder, *COMMAND, ends=1)
    file.write_text(self_contained(draw(text, " ".join(("oceana-dr", *COMMAND)), columns)), "utf-8")


if __name__ == "__main__":
    main()
