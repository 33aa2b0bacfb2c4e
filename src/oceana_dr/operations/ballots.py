"""Approvals as files: a folder beside the plan, one file each, so that they travel with it and never conflict.

In: a plan file's name, statements and signatures. Out: documents to be verified; a file that was written whole.
A file here is a stranger's: it is bounded, and nothing that it says is believed before its signature is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from oceana_dr.diagnostics import OceanaError, Unreadable
from oceana_dr.estate.canonical import canonical
from oceana_dr.estate.strict_json import load_json
from oceana_dr.estate.values import Json
from oceana_dr.guard.approvals import Statement
from oceana_dr.operations.files import create_text

PURPOSE: Final = "approve a plan of oceana-dr"
FORMAT: Final = "oceana-dr/approval/v1"
MOST_BYTES: Final = 16 * 1024
MOST_FILES: Final = 64
_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"
_FIELDS: Final = ("plan", "site", "scenario", "role")


def folder_of(plan_file: Path) -> Path:
    """Where the approvals of a plan file lie: `plan.json.approvals/`."""
    return plan_file.with_name(f"{plan_file.name}.approvals")


def signed_bytes(statement: Statement) -> bytes:
    """What is signed: the statement as RFC 8785 JSON, with what it is for."""
    return canonical(_written(statement))


def document_of(statement: Statement, signature: str) -> bytes:
    """The approval as it is kept and carried; of one statement and signature there is one form only."""
    return canonical({"format": FORMAT, "statement": _written(statement), "signature": signature})


def read_document(data: bytes) -> tuple[Statement, str]:
    """A statement and its signature; raises `ValueError` for anything but what `document_of` writes."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES // 1024} KiB")
    try:
        found = load_json(data)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    match found:
        case {"format": str() as form} if form != FORMAT:
            raise ValueError(f"it is of the form {form[:40]}; this program reads {FORMAT}")
        case {"format": _, "statement": dict() as written, "signature": str() as signature}:
            statement = _read(written)
            if found != {"format": FORMAT, "statement": _written(statement), "signature": signature}:
                raise ValueError("it says more than an approval does")
            return statement, signature
        case _:
            raise ValueError("it is no approval")


def read_folder(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """The files of a folder by name, at most a byte more of each than one may have; empty is what is no file."""
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
        if len(names) > MOST_FILES:
            raise Unreadable(f"{folder} holds more than {MOST_FILES} approvals", hint="leave those of this plan there")
        return tuple((name, _bytes(folder / name)) for name in names)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise Unreadable(f"cannot read the approvals in {folder}: {error.strerror or error}") from None


def write_into(folder: Path, name: str, document: bytes) -> Path:
    """Put an approval there, whole; the same one may be there already."""
    path = folder / f"{name}.json"
    try:
        create_text(path, document.decode(), what="approval")
    except OceanaError:
        if not path.is_file() or _bytes(path) != document:
            raise
    return path


def _bytes(path: Path) -> bytes:
    # Neither a link nor a pipe: whoever puts files here must not choose what else is read, or make us wait.
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            return file.read(MOST_BYTES + 1) or b""
    except OSError:
        return b""  # one file in the way must not keep the others from being counted


def _written(statement: Statement) -> dict[str, Json]:
    return {
        "purpose": PURPOSE,
        "plan": statement.plan,
        "site": statement.site,
        "scenario": statement.scenario,
        "role": statement.role,
        "signed_at": statement.signed_at.astimezone(UTC).strftime(_MOMENT),
        "expires": statement.expires.astimezone(UTC).strftime(_MOMENT),
    }


def _read(written: Mapping[str, Any]) -> Statement:
    if not all(isinstance(written.get(name), str) for name in (*_FIELDS, "signed_at", "expires")):
        raise ValueError("its statement is not whole")
    try:
        moments = [datetime.strptime(written[name], _MOMENT).replace(tzinfo=UTC) for name in ("signed_at", "expires")]
    except ValueError:
        raise ValueError("its times are none") from None
    return Statement(*(written[name] for name in _FIELDS), *moments)
