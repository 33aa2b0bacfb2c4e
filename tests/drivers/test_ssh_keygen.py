"""Signatures by the real ssh-keygen: whose they are, by the allowed signers file of now, and what proves nothing."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oceana_dr.diagnostics import OceanaError, Unreadable
from oceana_dr.drivers.ssh_keygen import NAMESPACE, Signer, Signers, Unproven, sign, verify
from tests.signers import NEEDS_SSH_KEYGEN, key_of, line, public

pytestmark = NEEDS_SSH_KEYGEN
NOW = datetime(2026, 11, 29, 1, 40, tzinfo=UTC)
DATA = b'{"plan":"sha256:00"}'


@pytest.fixture
def allowed(tmp_path: Path) -> Path:
    return tmp_path / "allowed_signers"


def signed(name: str, data: bytes = DATA, namespace: str = NAMESPACE) -> str:
    done = subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-q", "-f", str(key_of(name)), "-n", namespace],
        input=data,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def why(allowed: Path, signature: str, *, data: bytes = DATA, at: datetime = NOW, revoked: Path | None = None) -> str:
    found = verify(Signers(allowed, revoked), data, signature, at)
    assert isinstance(found, Unproven), found
    return found.why


def test_a_signature_is_that_of_the_key_in_the_file(allowed: Path) -> None:
    allowed.write_text(
        line("jane") + line("omar", f'namespaces="git,{NAMESPACE}"', principals="omar@acme.example,omar")
    )
    for name, principals in (("jane", ("jane@acme.example",)), ("omar", ("omar@acme.example", "omar"))):
        found = verify(Signers(allowed), DATA, sign(key_of(name), DATA), NOW)
        assert isinstance(found, Signer)
        assert found.principals == principals
        fingerprint = subprocess.run(
            ["ssh-keygen", "-l", "-f", f"{key_of(name)}.pub"], capture_output=True, text=True, check=True
        )
        assert found.key == fingerprint.stdout.split()[1]


def test_a_key_of_nobody_proves_nothing(allowed: Path) -> None:
    allowed.write_text(line("jane"))
    assert why(allowed, sign(key_of("mallory"), DATA)) == "its key is nobody's in allowed_signers"


def test_what_was_changed_after_it_was_signed_is_not_signed(allowed: Path) -> None:
    allowed.write_text(line("jane"))
    said = why(allowed, sign(key_of("jane"), DATA), data=DATA.replace(b"00", b"01"))
    assert said == "jane@acme.example signed something else: the statement was changed"


@pytest.mark.parametrize("namespace", ["git", "file", f"{NAMESPACE}x"])
def test_a_signature_for_something_else_is_none_for_a_plan(allowed: Path, namespace: str) -> None:
    allowed.write_text(line("jane"))
    assert "was made for something else" in why(allowed, signed("jane", namespace=namespace))


def test_a_key_that_is_for_git_only_approves_nothing(allowed: Path) -> None:
    allowed.write_text(line("jane", 'namespaces="git"'))
    assert "may not approve plans" in why(allowed, sign(key_of("jane"), DATA))


@pytest.mark.parametrize(
    ("options", "counts"),
    [
        ('valid-before="20261129"', False),
        ('valid-before="202611290200"', True),
        ('valid-before="202611290139"', False),
        ('valid-after="20261129"', True),
        ('valid-after="202611290141"', False),
        ('valid-after="20260101",valid-before="20270101"', True),
    ],
)
def test_a_key_counts_within_its_time_which_is_utc_everywhere(
    allowed: Path, options: str, counts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed.write_text(line("jane", options))
    signature = sign(key_of("jane"), DATA)
    for zone in ("UTC", "Pacific/Auckland", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        found = verify(Signers(allowed), DATA, signature, NOW)
        assert isinstance(found, Signer) is counts
        if isinstance(found, Unproven):
            assert found.why == "its key does not count now in allowed_signers"


def test_a_revoked_key_counts_no_more(allowed: Path, tmp_path: Path) -> None:
    allowed.write_text(line("jane") + line("omar"))
    revoked = tmp_path / "revoked_keys"
    revoked.write_text(public("jane") + "\n")
    assert why(allowed, sign(key_of("jane"), DATA), revoked=revoked) == "the key of jane@acme.example is revoked"
    assert isinstance(verify(Signers(allowed, revoked), DATA, sign(key_of("omar"), DATA), NOW), Signer)
    binary = tmp_path / "list.krl"
    subprocess.run(
        ["ssh-keygen", "-q", "-k", "-f", str(binary), f"{key_of('jane')}.pub"], check=True, capture_output=True
    )
    assert why(allowed, sign(key_of("jane"), DATA), revoked=binary) == "the key of jane@acme.example is revoked"


def test_a_list_of_revoked_keys_that_is_broken_or_gone_lets_nobody_through(allowed: Path, tmp_path: Path) -> None:
    allowed.write_text(line("jane"))
    signature = sign(key_of("jane"), DATA)
    assert why(allowed, signature, revoked=tmp_path / "gone") == "there is no gone"
    broken = tmp_path / "broken"
    broken.write_bytes(b"SSHKRL\n\0\xff\xff\xff")
    assert "revoked" in why(allowed, signature, revoked=broken)
    allowed.unlink()
    assert why(allowed, signature) == "there is no allowed_signers"


@pytest.mark.parametrize("principals", ["*@acme.example", "jane?", "!jane,*", "jane,*"])
def test_a_pattern_names_nobody(allowed: Path, principals: str) -> None:
    allowed.write_text(line("jane", principals=principals))
    assert "which names nobody" in why(allowed, sign(key_of("jane"), DATA))


@pytest.mark.parametrize(
    "signature",
    ["", "no signature", "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n", "é\0\n" * 99],
)
def test_what_is_no_signature_proves_nothing(allowed: Path, signature: str) -> None:
    allowed.write_text(line("jane"))
    assert why(allowed, signature) == "its signature cannot be read"


def test_a_key_that_is_not_there_signs_nothing(tmp_path: Path) -> None:
    with pytest.raises(OceanaError, match="did not sign with") as error:
        sign(tmp_path / "no-key", DATA)
    assert error.value.hint is not None


def test_without_ssh_keygen_it_says_what_to_install(
    allowed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed.write_text(line("jane"))
    signature = sign(key_of("jane"), DATA)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable, match="not installed") as error:
        verify(Signers(allowed), DATA, signature, NOW)
    assert "openssh-client" in str(error.value.hint)
    with pytest.raises(Unreadable, match="not installed"):
        sign(key_of("jane"), DATA)
