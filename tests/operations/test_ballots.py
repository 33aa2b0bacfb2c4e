"""Approvals as files: what we write is read, and of what a stranger puts there nothing but that."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.diagnostics import Unreadable
from oceana_dr.guard.approvals import Statement
from oceana_dr.operations.ballots import (
    MOST_BYTES,
    MOST_FILES,
    document_of,
    folder_of,
    read_document,
    read_folder,
    signed_bytes,
    write_into,
)

STATEMENT = Statement(
    "sha256:00", "acme", "steady", "", datetime(2026, 11, 29, 1, tzinfo=UTC), datetime(2026, 11, 30, 1, tzinfo=UTC)
)
DOCUMENT = document_of(STATEMENT, "a signature")


def test_what_is_signed_names_everything_that_it_is_for() -> None:
    assert json.loads(signed_bytes(STATEMENT)) == {
        "purpose": "approve a plan of oceana-dr",
        "plan": "sha256:00",
        "site": "acme",
        "scenario": "steady",
        "role": "",
        "signed_at": "2026-11-29T01:00:00Z",
        "expires": "2026-11-30T01:00:00Z",
    }


def test_an_approval_comes_back_as_it_was() -> None:
    assert read_document(DOCUMENT) == (STATEMENT, "a signature")
    assert read_document(json.dumps(json.loads(DOCUMENT), indent=4).encode()) == (STATEMENT, "a signature")


def with_statement(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda found: {**found, "statement": {**found["statement"], **changes}}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda found: [found], "no approval"),
        (lambda found: {**found, "by": "jane"}, "says more"),
        (with_statement(by="jane"), "says more"),
        (with_statement(purpose="delete everything"), "says more"),
        (with_statement(expires="2026-11-30T01:00:00+00:00"), "its times are none"),
        (with_statement(expires="9999-99-99T99:99:99Z"), "its times are none"),
        (with_statement(signed_at="2026-11-29T1:00:00Z"), "says more"),
        (with_statement(plan=7), "not whole"),
        (with_statement(role=None), "not whole"),
        (lambda found: {**found, "signature": None}, "no approval"),
        (lambda found: {**found, "format": "oceana-dr/approval/v2"}, "this program reads oceana-dr/approval/v1"),
    ],
)
def test_what_is_not_exactly_an_approval_is_none(change: Callable[[dict[str, Any]], object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_document(json.dumps(change(json.loads(DOCUMENT))).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 9000,
        b'{"format": "oceana-dr/approval/v1", "format": "x"}',
        DOCUMENT.replace(b'"role":""', b'"role":"","role":"board"'),
        b" " * (MOST_BYTES + 1),
    ],
)
def test_bytes_that_are_none_are_said_to_be_none(data: bytes) -> None:
    with pytest.raises(ValueError, match="it is"):
        read_document(data)


def test_files_beside_a_plan(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "plan.json")
    assert folder == tmp_path / "plan.json.approvals"
    assert read_folder(folder) == ()
    for _ in range(2):  # the same approval again is no conflict
        assert write_into(folder, "ab", DOCUMENT) == folder / "ab.json"
    (folder / "README").write_text("no approval")
    assert read_folder(folder) == (("ab.json", DOCUMENT),)
    with pytest.raises(Unreadable):
        write_into(folder, "ab", DOCUMENT + b" ")
    assert read_folder(folder) == (("ab.json", DOCUMENT),)


def test_a_file_is_read_up_to_a_bound(tmp_path: Path) -> None:
    (tmp_path / "big.json").write_bytes(b" " * 9_000_000)
    ((_, data),) = read_folder(tmp_path)
    assert len(data) == MOST_BYTES + 1


def test_a_folder_holds_so_many(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}.json").write_bytes(DOCUMENT)
    with pytest.raises(Unreadable, match="more than 64"):
        read_folder(tmp_path)


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_is_not_read(kind: str, tmp_path: Path) -> None:
    """A link would let whoever puts it there choose what we read, and a pipe make us wait."""
    folder, path = tmp_path / "approvals", tmp_path / "approvals" / "it.json"
    folder.mkdir()
    (tmp_path / "elsewhere").write_bytes(DOCUMENT)
    match kind:
        case "link":
            path.symlink_to(tmp_path / "elsewhere")
        case "pipe":
            os.mkfifo(path)
        case _:
            path.mkdir()
    assert read_folder(folder) == (("it.json", b""),)


def test_a_folder_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "plan.json.approvals").write_text("")
    with pytest.raises(Unreadable, match="cannot read the approvals"):
        read_folder(tmp_path / "plan.json.approvals")
