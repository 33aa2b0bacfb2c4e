"""What is fuzzed: functions that take bytes, and raise for what must never happen.

In: bytes. Out: nothing; an exception that is no refusal is a finding, and so is an `AssertionError` here.
A target must never depend on what was fed to it before.
"""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from fuzz.judge import judge_diagnostics, judge_text, judge_tree
from fuzz.signing import resealed, signed
from oceana_dr.diagnostics import InputRefused, OceanaError
from oceana_dr.drivers.dataguard.ending import ending_of
from oceana_dr.drivers.dataguard.readiness import readiness_of
from oceana_dr.drivers.dataguard.showing import configuration_of, databases_of
from oceana_dr.drivers.dataguard.text import codes_of, lines_of, login_of, version_of
from oceana_dr.drivers.operator.answers import read_answers
from oceana_dr.operations.ballots import document_of, read_document, signed_bytes
from oceana_dr.operations.live import read_snapshot
from oceana_dr.operations.planfile import verify_plan
from oceana_dr.plan.codec import decode_plan, encode_plan, read_plan
from oceana_dr.present.plan_text import render_plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.document import Document
from oceana_dr.source.formatter.layout import lay_out
from oceana_dr.source.load import examine, read_defaults
from oceana_dr.source.project import PROJECT_FILE, Project, open_project
from oceana_dr.source.site.model import Site
from oceana_dr.source.text import decode_text
from oceana_dr.source.yaml_tree import read_tree
from oceana_dr.store.files import SystemFiles
from oceana_dr.store.frame import Damaged, frame, scan
from oceana_dr.store.journal import JournalDamaged, read_journal

ROOT: Final = Path(__file__).resolve().parents[1]
SITE: Final = "acme"


@cache
def _scratch() -> Path:
    """A copy of the example project, in memory where the system has such a place; removed at the end."""
    shared = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="oceana-dr-fuzz-", dir=shared if shared.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in (PROJECT_FILE, "sites/defaults.yaml", f"sites/{SITE}/site.yaml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@cache
def _project() -> tuple[Project, Document | None]:
    project = open_project(_scratch())
    return project, read_defaults(project)


def yaml(data: bytes) -> None:
    """Bytes of a file → located tree."""
    text, found = decode_text(data, "f")
    if text is None:
        assert found, "refused without a reason"
        judge_diagnostics(found, {"f": data})
        return
    tree = read_tree(text, "f")
    judge_tree(tree.root, text)
    judge_diagnostics(tree.diagnostics, {"f": data})


def site(data: bytes) -> None:
    """Bytes of `site.yaml`, with the example's defaults → a checked site, or everything that is wrong."""
    project, defaults = _project()
    path = project.site_file(SITE)
    path.write_bytes(data)
    found = examine(project, SITE, defaults)
    assert found.site is not None or found.diagnostics, "refused without a reason"
    assert defaults is not None
    judge_diagnostics(found.diagnostics, {project.shown(path): data, defaults.file: defaults.data})


def defaults(data: bytes) -> None:
    """Bytes of `sites/defaults.yaml` under the example's site."""
    project, _ = _project()
    own = (ROOT / f"sites/{SITE}/site.yaml").read_bytes()
    project.site_file(SITE).write_bytes(own)
    path = project.sites_dir / "defaults.yaml"
    try:
        path.write_bytes(data)
        found = examine(project, SITE, read_defaults(project))
        sources = {project.shown(path): data, project.shown(project.site_file(SITE)): own}
        judge_diagnostics(found.diagnostics, sources)
    finally:
        shutil.copy(ROOT / "sites/defaults.yaml", path)


def project(data: bytes) -> None:
    """Bytes of `oceana-dr.yaml`."""
    folder = _scratch() / "project"
    folder.mkdir(exist_ok=True)
    (folder / PROJECT_FILE).write_bytes(data)
    try:
        open_project(folder)
    except InputRefused as refusal:
        judge_diagnostics(refusal.diagnostics, {PROJECT_FILE: data})


def plan(data: bytes) -> None:
    """Bytes of a plan file, given the id of its content where it has one, as a forger would."""
    data = signed(data)
    try:
        found = read_plan(data, "plan.json")
    except InputRefused as refusal:
        judge_diagnostics(refusal.diagnostics, {"plan.json": data})
        return
    assert decode_plan(json.loads(json.dumps(encode_plan(found)))) == found, "it does not last"
    judge_text(render_plan(found))
    with suppress(OceanaError):
        for problem in verify_plan(found).problems:
            assert problem


def snapshot(data: bytes) -> None:
    """Bytes of a snapshot for `plan --live`."""
    path = _scratch() / "live.json"
    path.write_bytes(data)
    with suppress(OceanaError):
        read_snapshot(path, SITE)


def answers(data: bytes) -> None:
    """Bytes of a file of answers."""
    path = _scratch() / "answers.yaml"
    path.write_bytes(data)
    try:
        given = read_answers(path).answers
    except InputRefused as refusal:
        judge_diagnostics(refusal.diagnostics, {str(path): data})
    except OceanaError:
        return
    else:
        assert all(answer.by.strip() for answer in given.values())


def fmt(data: bytes) -> None:
    """Bytes of `site.yaml` → its canonical text, stable; or refused with what is wrong. Never another meaning."""
    text, _ = decode_text(data, "f")
    if text is None:
        return
    try:
        found = lay_out(text, "f", Site)
    except InputRefused as refusal:
        judge_diagnostics(refusal.diagnostics, {"f": data})
        return
    assert lay_out(found, "f", Site) == found, "laid out again it is another text"


def cache_entry(data: bytes) -> None:
    """Bytes of an entry of the cache: what was not put there is not handed out."""
    folder = _scratch() / "cache"
    kept = Cache(folder)
    if not folder.exists():
        kept.put("site", {"known": 1}, b"key")
    (entry,) = (path for path in folder.rglob("site-*") if path.is_file())
    entry.write_bytes(data)
    found = kept.get("site", b"key")
    assert found is None or json.loads(data.partition(b"\n")[2]) == found


def journal(data: bytes) -> None:
    """Bytes of a run's journal, as they are and with every record's frame written anew."""
    for candidate in (data, resealed(data)):
        with suppress(Damaged):
            whole = scan(candidate)
            assert whole.end + whole.torn == len(candidate)
            previous, again = "0" * 64, b""
            for line in whole.lines:
                again += frame(line.payload, previous)
                previous = line.digest
            assert again == candidate[: whole.end], "a record is not what would be written"
        path = _scratch() / "run.journal"
        path.write_bytes(candidate)
        with suppress(JournalDamaged):
            read_journal(SystemFiles(), path)


def approval(data: bytes) -> None:
    """Bytes of an approval; what is read is written as it was, and the signed bytes hold all of it."""
    with suppress(ValueError):
        statement, signature = read_document(data)
        written = document_of(statement, signature)
        assert read_document(written) == (statement, signature)
        assert json.loads(written) == json.loads(data), "an approval holds more than is read"
        assert json.loads(written)["statement"] == json.loads(signed_bytes(statement)), "something is not signed"


def dgmgrl(data: bytes) -> None:
    """What Oracle's broker prints: nothing is raised, and every word of it can be shown on a terminal."""
    lines = lines_of(data.decode("utf-8", "replace"))
    for reads in (configuration_of, databases_of, readiness_of, ending_of, codes_of, login_of, version_of):
        judge_text(repr(reads(lines)))
    assert all(line.isprintable() for line in lines), "an answer reaches the terminal as it came"


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "yaml": yaml,
    "site": site,
    "defaults": defaults,
    "project": project,
    "plan": plan,
    "snapshot": snapshot,
    "answers": answers,
    "cache": cache_entry,
    "fmt": fmt,
    "journal": journal,
    "approval": approval,
    "dgmgrl": dgmgrl,
}
