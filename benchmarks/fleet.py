"""A project of many valid sites, each of about 600 lines, made from the two examples.

In: an empty folder and a number. Out: a project whose sites differ in every name and address.
A site must never be padded with comments: what makes it long are servers, estimates and windows, as in a real one.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ("acme", "globex")
LINES = 600
NODES = 14
ADDRESSES = 1 << 14
"""Addresses of one site: 1,000 of them fill the private network 10.0.0.0/8."""

_ADDRESS = re.compile(r"(?<![\w.])\d+\.\d+\.\d+\.\d+(?![\w.])")


def site_name(number: int) -> str:
    return f"site-{number:04}"


def site_file(root: Path, number: int) -> Path:
    return root / "sites" / site_name(number) / "site.yaml"


def write_fleet(root: Path, sites: int) -> Path:
    """The examples' settings and defaults, and that many sites; returns the root."""
    (root / "sites").mkdir(parents=True)
    shutil.copy(ROOT / "oceana-dr.yaml", root)
    shutil.copy(ROOT / "sites" / "defaults.yaml", root / "sites")
    patterns = [(name, long_example(name)) for name in EXAMPLES]
    for number in range(sites):
        path = site_file(root, number)
        path.parent.mkdir()
        path.write_text(site_text(*patterns[number % len(patterns)], number), encoding="utf-8")
    return root


def change_site(root: Path, number: int, turn: int) -> None:
    """One line of a site becomes another one, other than in every other turn."""
    path = site_file(root, number)
    text = path.read_text(encoding="utf-8")
    changed = re.sub(r"(?m)^(  voice: \"\+49 69 )\d+\"", rf'\g<1>{5550100 + turn}"', text, count=1)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def site_text(example: str, pattern: str, number: int) -> str:
    """The pattern as another site: its own names, and addresses that no other site has."""
    text = pattern.replace(example, site_name(number)).replace(example.upper(), site_name(number).upper())
    text = re.sub(r"env:[A-Z0-9_-]+", lambda found: found[0].replace("-", "_"), text)
    first = (10 << 24) + number % 1024 * ADDRESSES
    own: dict[str, str] = {}
    for address in _ADDRESS.findall(text):
        own.setdefault(address, str(IPv4Address(first + len(own))))
    return _ADDRESS.sub(lambda found: own[found[0]], text)


def long_example(name: str) -> str:
    """An example in block style, with more nodes, estimates and change windows, up to `LINES` lines."""
    yaml = YAML()
    yaml.width = 4096
    site = yaml.load((ROOT / "sites" / name / "site.yaml").read_text(encoding="utf-8"))
    _unfold(site)
    _add_nodes(site)
    site["verification"]["voice"] = "+49 69 5550100"
    windows, estimates = site["change_windows"], site.setdefault("estimates", {})
    steps, days = _steps(), _sundays()
    while _lines(yaml, site) < LINES - 3:
        if (step := next(steps, None)) is not None:
            estimates[step] = {"p50": "5m", "p95": "20m"}
        windows.append({"start": f"{next(days).isoformat()}T02:00", "duration": "4h"})
    return _dump(yaml, site)


def _unfold(node: Any) -> None:
    if hasattr(node, "fa"):
        node.fa.set_block_style()
        for value in node.values() if isinstance(node, dict) else node:
            _unfold(value)


def _add_nodes(site: Any) -> None:
    for side, centre in enumerate(site["data_centers"].values(), start=1):
        for place, cluster in enumerate(centre["clusters"].values(), start=1):
            nodes = cluster["nodes"]
            domain = str(nodes[0]["fqdn"]).partition(".")[2]
            for number in range(len(nodes) + 1, NODES + 1):
                address = f"10.{200 + side}.{place}.{number}"
                nodes.append({"fqdn": f"node-{place}-{number}.{domain}", "address": address})


def _steps() -> Iterator[str]:
    """Ids that any site may have an estimate for."""
    return (f"P{number:02}" for number in range(1, 60))


def _sundays() -> Iterator[date]:
    first = date(2026, 1, 11)
    return (first + timedelta(weeks=week) for week in range(1000))


def _lines(yaml: YAML, site: Any) -> int:
    return _dump(yaml, site).count("\n")


def _dump(yaml: YAML, site: Any) -> str:
    stream = io.StringIO()
    yaml.dump(site, stream)
    return stream.getvalue()
