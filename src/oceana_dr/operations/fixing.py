"""Safe fixes written into the project's files, the others shown.

In: a project and names of sites. Out: what was fixed, what is left, and unsafe fixes as they would change the files.
Files are fixed on a copy of the project until nothing more can be; only a file that then has fewer errors is
written, whole. A file outside of the project must never be written, nor one that somebody else changes meanwhile.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from oceana_dr.diagnostics import Diagnostic, Unreadable, in_order
from oceana_dr.operations.files import replace_bytes
from oceana_dr.source.files import read_file
from oceana_dr.source.fixing import apply_fixes
from oceana_dr.source.project import DEFAULTS_FILE, PROJECT_FILE, Project, open_to_check

MOST_ROUNDS: Final = 10
"""A fix may let the next one be seen; more rounds than this would mean that two fixes undo each other."""

Check = Callable[[Project, Sequence[str]], tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after; `shown` from the project's root. As text, with its line ends."""

    shown: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was fixed and written, what unsafe fixes would change, and everything that is still wrong."""

    done: tuple[Diagnostic, ...]
    written: tuple[Change, ...]
    proposed: tuple[Change, ...]
    left: tuple[Diagnostic, ...]


_Round: TypeAlias = "list[tuple[Change, tuple[Diagnostic, ...]]]"


def fix_sites(project: Project, names: Sequence[str], check: Check) -> Fixed:
    """Apply the safe fixes; raises `Unreadable` where a file cannot be written. `check` finds what is wrong."""
    with tempfile.TemporaryDirectory(prefix="oceana-dr-fix-") as folder:
        copy, originals = _copy(project, names, Path(folder))
        found = _checked(copy, names, check)
        done: list[Diagnostic] = []
        for _ in range(MOST_ROUNDS):
            fixed = _round(copy, found)
            after = _checked(copy, names, check) if fixed else found
            if not fixed or not _fewer(after, found, fixed) or _unread(after) - _unread(found):
                _take_back(copy, fixed)
                break
            found = after
            done += [item for change, items in fixed for item in items]
        files = sorted({item.fix.span.file for item in done if item.fix is not None})
        for file in files:
            _refuse_to_write(project, file, originals[file])
        written = tuple(_write(project, copy, file, originals[file]) for file in files)
        return Fixed(tuple(done), written, _proposed(copy, found), found)


def _checked(copy: Project, names: Sequence[str], check: Check) -> tuple[Diagnostic, ...]:
    """What is wrong with the project's file and the sites, by the policy that the file has now."""
    if not (copy.root / PROJECT_FILE).exists():
        return check(copy, names)
    opened, wrong = open_to_check(copy.root, None, copy.judge)
    found = check(replace(opened, state_dir=copy.state_dir, offers=copy.offers), names)
    return in_order((*wrong, *found)) if wrong else found


def _fewer(after: Sequence[Diagnostic], before: Sequence[Diagnostic], fixed: _Round) -> bool:
    """Whether something was gained. A project's file that is mended may show more in the sites: its policy counts."""
    if {change.shown for change, _ in fixed} == {PROJECT_FILE}:
        after, before = ([item for item in found if _is_of_project(item)] for found in (after, before))
    return len(after) < len(before)


def _is_of_project(item: Diagnostic) -> bool:
    return item.span is not None and item.span.file == PROJECT_FILE


def _unread(found: Iterable[Diagnostic]) -> frozenset[tuple[str, str]]:
    """Files that do not parse, and why: OD1001 to OD1019 come from the reader. No fix may add one."""
    return frozenset((item.span.file, item.code) for item in found if item.span and "OD1001" <= item.code <= "OD1019")


def _copy(project: Project, names: Sequence[str], root: Path) -> tuple[Project, dict[str, bytes]]:
    """A project of the files that are checked, and their bytes; what cannot be read is not there."""
    files = [
        project.root / PROJECT_FILE,
        project.sites_dir / DEFAULTS_FILE,
        *(project.site_file(name) for name in names),
    ]
    originals: dict[str, bytes] = {}
    for path in files:
        shown = project.shown(path)
        data = read_file(path, shown)
        if not isinstance(data, Diagnostic) and not Path(shown).is_absolute() and ".." not in Path(shown).parts:
            target = root / shown
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            originals[shown] = data
    (root / "sites").mkdir(exist_ok=True)
    return replace(project, root=root, sites_dir=root / "sites"), originals


def _round(copy: Project, found: Iterable[Diagnostic]) -> _Round:
    fixed: _Round = []
    files = _by_file(found, safe=True)
    # The project's file goes first, alone: what is wrong with a site depends on it.
    for file, items in {PROJECT_FILE: files[PROJECT_FILE]}.items() if PROJECT_FILE in files else files.items():
        before = _text(copy, file)
        after, done = apply_fixes(before, items)
        if after != before:
            (copy.root / file).write_bytes(after.encode())
            fixed.append((Change(file, before, after), done))
    return fixed


def _take_back(copy: Project, fixed: _Round) -> None:
    for change, _ in fixed:
        (copy.root / change.shown).write_bytes(change.before.encode())


def _by_file(found: Iterable[Diagnostic], *, safe: bool) -> dict[str, list[Diagnostic]]:
    files: dict[str, list[Diagnostic]] = {}
    for item in found:
        if item.fix is not None and item.fix.safe is safe:
            files.setdefault(item.fix.span.file, []).append(item)
    return files


def _text(project: Project, file: str) -> str:
    # `read_bytes`, not `read_text`: line ends and the byte order mark stay as they are.
    return (project.root / file).read_bytes().decode("utf-8")


def _refuse_to_write(project: Project, file: str, original: bytes) -> None:
    """Before anything is written: a link that leads away, and a file that is no longer the one that was checked."""
    path = project.root / file
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(project.root)):
        raise Unreadable(f"{file} is a link out of the project: nothing is written", hint="fix the file it leads to")
    if read_file(path, file) != original:
        raise Unreadable(f"{file} has just changed: nothing is written", hint="run the command again")


def _write(project: Project, copy: Project, file: str, original: bytes) -> Change:
    after = (copy.root / file).read_bytes()
    replace_bytes(project.root / file, after, what="file")
    return Change(file, original.decode("utf-8"), after.decode("utf-8"))


def _proposed(copy: Project, found: Iterable[Diagnostic]) -> tuple[Change, ...]:
    changes = []
    for file, items in sorted(_by_file(found, safe=False).items()):
        before = _text(copy, file)
        after, _ = apply_fixes(before, items)
        if after != before:
            changes.append(Change(file, before, after))
    return tuple(changes)
