"""The script that draws terminal transcripts for the documentation."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

SCRIPT = Path(__file__).parents[2] / "scripts" / "picture.py"


def draw(text: str) -> str:
    command = [sys.executable, str(SCRIPT), "oceana-dr plan acme"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, encoding="utf-8").stdout


def test_a_picture_is_whole_and_the_same_twice() -> None:
    text = "\x1b[1macme\x1b[0m → <dc2>\n┌ P06 \x1b[33m~\x1b[0m\n"
    first = draw(text)
    assert first == draw(text)
    shown = "".join(ET.fromstring(first).itertext())
    assert "acme" in shown
    assert "<dc2>" in shown
    assert "\x1b" not in first
