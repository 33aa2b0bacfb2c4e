"""A reference becomes a secret for one use; errors name the reference and never the secret."""

from pathlib import Path

import pytest

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.secret import resolve
from oceana_dr.estate.values import SecretRef


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_TOKEN", "s3cret")
    assert resolve(SecretRef("env:GATEWAY_TOKEN")) == "s3cret"


def test_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\r\n")
    assert resolve(SecretRef(f"file:{tmp_path / 'token'}")) == "s3cret"


def test_from_a_command(tmp_path: Path) -> None:
    (tmp_path / "my token").write_text("s3cret\n")
    assert resolve(SecretRef(f"command:cat '{tmp_path / 'my token'}'")) == "s3cret"


@pytest.mark.parametrize(
    "reference",
    ["env:NOT_SET_ANYWHERE", "file:/not/there", "command:false", "command:'", "command:not-a-program", "vault:x"],
)
def test_what_is_not_there_is_said(reference: str) -> None:
    with pytest.raises(Unreadable):
        resolve(SecretRef(reference))


def test_a_failing_command_does_not_tell_what_it_printed() -> None:
    with pytest.raises(Unreadable) as caught:
        resolve(SecretRef("command:sh -c 'echo s3cret; echo s3cret >&2; exit 1'"))
    assert "s3cret" not in str(caught.value)
