"""A reference becomes a secret for one use; nothing shows it, and errors name the reference only."""

import copy
import json
import logging
import os
import pickle
import time
from pathlib import Path

import pytest

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers import secret
from oceana_dr.drivers.checking import check_secret
from oceana_dr.drivers.protocol import Health
from oceana_dr.drivers.secret import LARGEST, MASK, Secret, resolve
from oceana_dr.estate.values import SecretRef

TEXT = "s3cret-9c1f"


def written(path: Path, text: str | bytes = TEXT, mode: int = 0o600) -> SecretRef:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return SecretRef(f"file:{path}")


def refused(reference: SecretRef) -> str:
    """Why it cannot be had; never with a word of the secret."""
    with pytest.raises(Unreadable) as caught:
        resolve(reference)
    said = f"{caught.value.message} {caught.value.hint}"
    assert TEXT not in said
    return said


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_TOKEN", TEXT)
    assert resolve(SecretRef("env:GATEWAY_TOKEN")).reveal() == TEXT


def test_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    assert resolve(written(tmp_path / "token", f"{TEXT}\r\n")).reveal() == TEXT


def test_from_a_command(tmp_path: Path) -> None:
    (tmp_path / "my token").write_text(f"{TEXT}\n")
    assert resolve(SecretRef(f"command:cat '{tmp_path / 'my token'}'")).reveal() == TEXT


def test_nothing_shows_or_saves_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    found = Secret(TEXT)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("driver").error("token %s %r", found, found)
    shown = (str(found), repr(found), f"{found}", f"{found:>40}", "%s" % found, repr([found]), caplog.text)  # noqa: UP031
    assert all(TEXT not in text and MASK in text for text in shown)
    for save in (pickle.dumps, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError) as caught:
            save(found)
        assert TEXT not in str(caught.value)
    with pytest.raises(TypeError):
        hash(found)
    assert not hasattr(found, "__dict__")


def test_secrets_are_compared_and_taken_out_of_what_others_say() -> None:
    assert Secret(TEXT) == Secret(TEXT)
    assert Secret(TEXT) != Secret("other")
    assert Secret(TEXT) != TEXT
    assert Secret(TEXT).hide(f"bad token {TEXT}!") == f"bad token {MASK}!"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666])
def test_a_file_that_others_may_read_or_change_is_refused(mode: int, tmp_path: Path) -> None:
    said = refused(written(tmp_path / "token", mode=mode))
    assert f"mode {mode:04o}" in said
    assert f"chmod 600 {tmp_path / 'token'}" in said


def test_a_link_is_refused_and_a_folder_and_a_pipe(tmp_path: Path) -> None:
    written(tmp_path / "token")
    (tmp_path / "link").symlink_to(tmp_path / "token")
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "symbolic link" in refused(SecretRef(f"file:{tmp_path / 'link'}"))
    for name in ("pipe", ""):
        assert "no regular file" in refused(SecretRef(f"file:{tmp_path / name}"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    reference = written(tmp_path / "token")
    os.chown(tmp_path / "token", 65534, 65534)
    assert "belongs to somebody else" in refused(reference)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT.encode() + b"\xff", "not text"),
        (TEXT.encode() + b"\0", "not text"),
        (TEXT.encode() * LARGEST, "larger than"),
        (b"\n", "there is no secret"),
    ],
)
def test_what_is_no_secret_is_refused(text: bytes, said: str, tmp_path: Path) -> None:
    reference = written(tmp_path / "token", text)
    assert said in refused(reference)
    assert said in refused(SecretRef(f"command:cat {tmp_path / 'token'}"))


@pytest.mark.parametrize(
    "reference",
    ["env:NOT_SET_ANYWHERE", "file:/not/there", "command:false", "command:'", "command:not-a-program", "vault:x"],
)
def test_what_is_not_there_is_said(reference: str) -> None:
    refused(SecretRef(reference))


def test_a_failing_command_does_not_tell_what_it_printed() -> None:
    said = refused(SecretRef(f"command:sh -c 'echo {TEXT}; echo {TEXT} >&2; exit 7'"))
    assert "ended with 7" in said


def test_a_command_that_does_not_end_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secret, "COMMAND_S", 0.3)
    pid = tmp_path / "pid"
    said = refused(SecretRef(f"command:sh -c 'sleep 600 & echo $! > {pid}; echo {TEXT}; wait'"))
    assert "within" in said
    process = Path(f"/proc/{pid.read_text().strip()}")
    deadline = time.monotonic() + 5
    while process.exists() and "Z" not in (process / "stat").read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not process.exists() or " Z " in (process / "stat").read_text()


def test_a_command_that_prints_without_end_is_stopped() -> None:
    assert "larger than" in refused(SecretRef("command:yes"))


def test_a_command_has_no_shell(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TEXT)
    refused(SecretRef(f"command:cat {token} > {tmp_path / 'copy'}"))
    assert not (tmp_path / "copy").exists()


def test_doctor_is_told_whether_a_secret_is_there(tmp_path: Path) -> None:
    good = check_secret(written(tmp_path / "token"))
    bad = check_secret(written(tmp_path / "open", mode=0o644))
    assert (good.health, bad.health) == (Health.GOOD, Health.BAD)
    assert "chmod 600" in bad.hint
    assert TEXT not in repr((good, bad))
