"""`artifacts.md`: every kind of file that `compile` writes, with the manual's pages from the files themselves.

In: the example site that has everything, compiled for both sides. Out: one page.
A kind that no file has, or a file of no kind, is a mistake here: the page would not be the program's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.artifacts import MANIFEST, render_artifacts
from oceana_dr.compile.desired import compile_site
from oceana_dr.source.load import load_site
from oceana_dr.source.project import open_project
from scripts.reference.markdown import page, table

ROOT: Final = Path(__file__).resolve().parents[2]
SITE: Final = "globex"
_ALWAYS: Final = "always"
_OPERATOR: Final = "the person at the console"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file; `<…>` in its path stands for one name."""

    path: str
    holds: str
    used_by: str
    exists: str = _ALWAYS


KINDS: Final = (
    Kind(
        "acm/<dc>.yaml",
        "Control Manager: its servers, services, and the fields of its pages (CM IP Address, API URL, Omni Channel "
        "Database Server)",
        _OPERATOR,
    ),
    Kind(
        "backup/<dc>.yaml",
        "Backup storage page, jobs of the cluster databases with their schedule, Omnichannel files, and what is taken "
        "together",
        _OPERATOR,
    ),
    Kind(
        "bookmarks/consoles.html",
        "Netscape bookmark file: Oceana Manager of both data centres and the other consoles",
        "any browser, by its import",
    ),
    Kind(
        "clients/names.yaml", "Names that web and mobile clients are configured with", "client teams", "with Web Voice"
    ),
    Kind(
        "desired.json",
        "The whole desired estate by address: value, rule, every line of the site behind it, setting, manual lines",
        "programs, and reviewers by its diff",
    ),
    Kind(
        "dns/<zone>.lower-ttl.nsupdate",
        "Lowers the TTL of the public names, before they move",
        "`nsupdate -k KEYFILE`, or `nsupdate -g`",
        "with Web Voice",
    ),
    Kind(
        "dns/<zone>.restore-ttl.nsupdate",
        "Puts the steady TTL of the public names back, after they moved",
        "`nsupdate -k KEYFILE`, or `nsupdate -g`",
        "with Web Voice",
    ),
    Kind(
        "dns/<zone>.nsupdate",
        "One transaction that moves the public names, or is refused",
        "`nsupdate -k KEYFILE`, or `nsupdate -g`",
        "with Web Voice",
    ),
    Kind(
        "dns/<zone>.ps1",
        "The same for Microsoft DNS: sets each record against the one that it read, and waits for the other servers",
        "PowerShell with the DNS Server tools",
        "with Web Voice",
    ),
    Kind("dns/<zone>.yaml", "The public names as records", "octoDNS, as a further source", "with Web Voice"),
    Kind("engagement-designer/<dc>/<workflow>.yaml", "Workflow attributes, in the console's literals", _OPERATOR),
    Kind("experience-portal/<page>.yaml", "Fields of Experience Portal, as they are typed", _OPERATOR),
    Kind("hosts/<dc>.hosts", "Cluster IP address and FQDN of Cluster 1", "the hosts file of each workstation"),
    Kind(
        "mirror/<server>.cos",
        "Routine that makes the server a member of the mirror, or reads its state",
        "Caché Studio and `csession`, on that server",
    ),
    Kind(
        "mirror/<server>.ps1",
        "Start type and recovery of the ISCAgent, in seconds and milliseconds, read back from the registry",
        "PowerShell as administrator, on that server",
    ),
    Kind("mirror/<server>.yaml", "Mirror configuration of the server", _OPERATOR),
    Kind(
        "nav360/Nav360Config.fragment.xml",
        "The database that the connection string names, in both copies of the file",
        "the person who edits the file, and tools that compare it",
    ),
    Kind(
        "nav360/Nav360Config.ps1",
        "Compares both copies; with `-Point` it puts the one server's name in the place of the other",
        "64-bit PowerShell as administrator, on ACM-APP-2",
    ),
    Kind("oracle/check.sql", "Role, flashback with its retention, and lag; reads only", "SQL*Plus", "with Analytics"),
    Kind(
        "oracle/<script>.dgmgrl",
        "`configuration`, `show` (with VALIDATE), `switchover`, `failover`, `reinstate`: each says which member to "
        "connect to",
        "`dgmgrl`, with a wallet",
        "with Analytics",
    ),
    Kind(
        "settings/<dc>.yaml",
        "Every setting that has a value and is no field of a page: files, versions, addresses, preconditions",
        "people and programs that look one up",
    ),
    Kind("smgr/<dc>/<cluster>/<service>.yaml", "Attributes of a service: label, override, effective value", _OPERATOR),
    Kind("windows/ISCAgent.yaml", "The ISCAgent of every server", "Ansible (`ansible.windows.win_service`), reviewers"),
    Kind(
        "windows/control-manager-<dc>.ps1",
        "State and start type of Control Manager's services; `-Check` only reads",
        "PowerShell as administrator, on the application server",
    ),
)


def artifacts_page() -> str:
    """`artifacts.md`: what `compile` writes."""
    return page(
        "Files of compile",
        """`oceana-dr compile SITE` writes these files below `build/SITE`, or the folder that `-o` names. `<dc>` is
`dc1` or `dc2`. The same files of a site give the same bytes, on every machine. How to use them is in
[Use the artifacts](../how-to/use-the-artifacts.md).""",
        table(["path", "holds", "used by", "exists", "manual, pages"], rows(ROOT)),
        """## What each file says about itself

Its first lines are comments: what it is for, which site and which side in service it was made for, the lines of the
site that decide it, the lines and pages of the manual, and who uses it. oceana-dr runs none of the scripts: a person
does. A script names where it runs, as whom, and whether it may be repeated. Routines, PowerShell and SQL print lines
that begin with `ODR|` and, at the end, a sentinel that begins with `ODR-END`: a run without it has failed.

A password stands in no file. Where one is needed there is the reference that the site has (`env:NAME`, `file:PATH`,
`command:…`), and the person or the wallet that has the password.

Each file is for one side in service. `--operational dc2` writes what would hold there, scripts that move included:
their direction is towards that side.

## The folder

The first `compile` into a folder wants it empty, or not there: artifacts are not mixed with other files. Later ones
replace what the manifest lists, remove what is no longer produced, and leave alone what people put beside it.""",
    )


def rows(root: Path) -> list[list[str]]:
    """Path, content, user, condition, manual of every kind; raises `ValueError` if kinds and files do not match."""
    files: dict[str, str] = {}
    for side in ("dc1", "dc2"):
        files |= _rendered(root, side)
    found: list[list[str]] = []
    left = set(files)
    for kind in KINDS:
        mine = {path for path in left if fits(kind, path)}
        if not mine:
            raise ValueError(f"no file is of the kind {kind.path}")
        left -= mine
        found.append([f"`{kind.path}`", kind.holds, kind.used_by, kind.exists, _pages(files[path] for path in mine)])
    if left:
        raise ValueError(f"files of no kind: {', '.join(sorted(left))}")
    found.append(
        [f"`{MANIFEST}`", "Digest of every other file", "the next `compile`, and whoever checks them", _ALWAYS, ""]
    )
    return sorted(found)


def fits(kind: Kind, path: str) -> bool:
    """Whether a file is of the kind."""
    return re.fullmatch(re.sub(r"<\w+>", "[^/]+", re.escape(kind.path)), path) is not None


def _pages(texts: Iterable[str]) -> str:
    """Pages of the manual that these files name in their heads."""
    found: set[int] = set()
    for text in texts:
        if named := re.search(r"Manual: lines? .*\(p\. ([0-9, ]+)\)\.$", text, re.MULTILINE):
            found |= {int(page) for page in named[1].split(", ")}
    return ", ".join(map(str, sorted(found)))


def _rendered(root: Path, side: str) -> Mapping[str, str]:
    site = load_site(open_project(root), SITE, side)
    compiled = compile_site(site, load_catalogue())
    bound = compiled.bound
    return render_artifacts(compiled.estate, compiled.provenance, site.data, bound.bindings, bound, site.contributors)
