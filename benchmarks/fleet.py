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
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from oceana_dr.catalogue.load import load_catalogue

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ("acme", "globex")
LINES = 600
NODES = 17
ROWS = 5
"""Lines of one more estimate and one more change window."""
MOST_ROWS = 59
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
    for number in range(sites):
        path, example = site_file(root, number), EXAMPLES[number % len(EXAMPLES)]
        path.parent.mkdir()
        path.write_text(site_text(example, long_example(example), number), encoding="utf-8")
    return root


def change_site(root: Path, number: int, turn: int) -> None:
    """One line of a site becomes another one, another one in every turn."""
    path = site_file(root, number)
    text = path.read_text(encoding="utf-8")
    changed = re.sub(r"(?m)^  voice: .*$", f"  voice: +49 69 {5550101 + turn}", text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def site_text(example: str, pattern: str, number: int) -> str:
    """The pattern as another site: its own names, and addresses that no other site has."""
    text = pattern.replace(example, site_name(number)).replace(example.upper(), site_name(number).upper())
    text = re.sub(r"env:[A-Z0-9_-]+", lambda found: found[0].replace("-", "_"), text)
    first = (10 << 24) + number % 1024 * ADDRESSES
    free = (IPv4Address(first + offset) for offset in range(ADDRESSES) if 0 < offset % 256 < 255)
    own: dict[str, str] = {}
    for address in _ADDRESS.findall(text):
        if address not in own:
            own[address] = str(next(free))
    return _ADDRESS.sub(lambda found: own[found[0]], text)


@cache
def long_example(name: str) -> str:
    """An example in block style, with more nodes, estimates and change windows, up to `LINES` lines."""
    yaml = YAML()
    yaml.width = 4096
    site = yaml.load((ROOT / "sites" / name / "site.yaml").read_text(encoding="utf-8"))
    _unfold(site)
    _add_nodes(site)
    steps, days = site.setdefault("estimates", {}), site["change_windows"]
    length = _dump(yaml, site).count("\n")
    names = (str(step["id"]) for scenario in load_catalogue().scenarios.values() for step in scenario.steps)
    for step, sunday in zip(names, _sundays(), strict=False):
        if length >= LINES - ROWS:
            break
        steps[step] = {"p50": "5m", "p95": "20m"}
        days.append({"start": f"{sunday.isoformat()}T02:00", "duration": "4h"})
        length += ROWS
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


def _sundays() -> Iterator[date]:
    first = date(2026, 1, 11)
    return (first + timedelta(weeks=week) for week in range(MOST_ROWS))


def _dump(yaml: YAML, site: Any) -> str:
    stream = io.StringIO()
    yaml.dump(site, stream)
    return stream.getvalue()
