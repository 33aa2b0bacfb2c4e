"""Every system is asked at once; what did not answer, or was not said, is unknown; and unknown is not well."""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.cli.main import run
from oceana_dr.drivers.checking import check_secret, skew_check
from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.estate.values import SecretRef
from oceana_dr.operations.doctoring import diagnosis as doctoring
from oceana_dr.operations.doctoring import systems as doctor_systems
from oceana_dr.operations.doctoring.diagnosis import Diagnosis, Subject, diagnose
from oceana_dr.operations.doctoring.fingerprints import fingerprint_key
from oceana_dr.operations.doctoring.state import state_checks
from oceana_dr.operations.drivers import check_drivers
from oceana_dr.operations.surroundings import surroundings
from oceana_dr.present.doctor_text import DoctorText
from oceana_dr.source.project import Project, StateSettings, open_project
from tests.planning import copy_project, edit

TOKEN = "t0ken-5d1e"
SITE: dict[str, Any] = {
    "site": "acme",
    "product": "Gateway 2.1",
    "lab": False,
    "clock": {"now": 1.0, "scale": 1},
    "permissions": ["read", "act"],
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("OCEANA_DR_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("GATEWAY_TOKEN", TOKEN)
    return check_drivers(open_project(copy_project(tmp_path)))


@contextmanager
def serving(
    status: int = 200, body: Any = None, *, ahead: float = 0, context: ssl.SSLContext | None = None
) -> Iterator[str]:
    """A gateway that answers so, with a clock that is so many seconds ahead."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            data = json.dumps((SITE if body is None else body) if known else {"detail": "who are you?"}).encode()
            self.send_response_only(status if known else 401)
            self.send_header("Date", format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True))
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing of this is worth a line."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"{'https' if context else 'http'}://localhost:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def asked(project: Project, endpoint: str, token: str = "env:GATEWAY_TOKEN") -> dict[Aspect, Check]:
    """What the gateway driver tells doctor."""
    path = project.root / "oceana-dr.yaml"
    edit(path, ("{endpoint: lab}", f"{{endpoint: '{endpoint}', token: '{token}'}}"))
    opened = check_drivers(open_project(project.root))
    found = diagnose(opened, "acme", within_s=20)
    assert TOKEN not in repr(found)
    gateway = next(item for item in found.subjects if item.name == "gateway")
    assert gateway.healthy == all(item.health in {Health.GOOD, Health.NONE} for item in gateway.checks)
    return {item.aspect: item for item in gateway.checks}


def test_a_gateway_in_order_is_well(project: Project) -> None:
    with serving(ahead=2) as endpoint:
        found = asked(project, endpoint)
    assert {aspect: check.health for aspect, check in found.items()} == {
        Aspect.REACH: Health.GOOD,
        Aspect.AUTHENTICATION: Health.GOOD,
        Aspect.VERSION: Health.GOOD,
        Aspect.CLOCK: Health.GOOD,
        Aspect.PERMISSIONS: Health.GOOD,
        Aspect.SECRETS: Health.GOOD,
        Aspect.CERTIFICATE: Health.NONE,
    }
    assert found[Aspect.VERSION].says == "Gateway 2.1"
    assert found[Aspect.CLOCK].skew_s == pytest.approx(2, abs=1)


@pytest.mark.parametrize(
    ("body", "aspect", "health", "said"),
    [
        ({**SITE, "permissions": ["read"]}, Aspect.PERMISSIONS, Health.BAD, "may only read"),
        ({**SITE, "permissions": None}, Aspect.PERMISSIONS, Health.UNKNOWN, "does not say what we may"),
        ({**SITE, "product": ""}, Aspect.VERSION, Health.UNKNOWN, "does not say what it is"),
    ],
)
def test_what_a_gateway_does_not_say_is_not_well(
    body: Any, aspect: Aspect, health: Health, said: str, project: Project
) -> None:
    with serving(body=body) as endpoint:
        found = asked(project, endpoint)
    assert found[aspect].health is health
    assert said in found[aspect].says
    assert [item.aspect for item in found.values() if item.health in {Health.BAD, Health.UNKNOWN}] == [aspect]


def test_a_fingerprint_tells_that_a_secret_was_changed_and_nothing_else(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mark() -> str:
        return check_secret(SecretRef("env:GATEWAY_TOKEN"), fingerprint_key(project.state_dir)).says

    first = mark()
    assert re.fullmatch(r"is there, fingerprint [0-9a-f]{12}", first)
    assert mark() == first
    monkeypatch.setenv("GATEWAY_TOKEN", "another")
    assert mark() != first
    monkeypatch.setenv("GATEWAY_TOKEN", TOKEN)
    key = project.state_dir / "fingerprint.key"
    assert key.stat().st_mode & 0o077 == 0
    assert hashlib.sha256(TOKEN.encode()).hexdigest()[:12] not in first
    key.unlink()
    assert mark() != first
    key.write_bytes(b"short")
    assert mark() == "is there"


def test_a_secret_that_is_another_one_than_before_is_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(
        project.root / "oceana-dr.yaml",
        ("{endpoint: lab}", "{endpoint: 'http://localhost:9', token: 'env:GATEWAY_TOKEN'}"),
    )

    def said() -> str:
        found = diagnose(check_drivers(open_project(project.root)), "acme")
        checks = [check for subject in found.subjects for check in subject.checks]
        return next(check.says for check in checks if check.mark)

    first = said()
    assert said() == first, "the same secret is nothing new"
    monkeypatch.setenv("GATEWAY_TOKEN", "another")
    today = datetime.now(UTC).date().isoformat()
    assert said().endswith(f"; another secret than before: it was {first[-12:]} since {today}")
    assert "another secret" not in said(), "it is told once"
    seen = project.state_dir / "fingerprints.json"
    assert seen.stat().st_mode & 0o077 == 0
    assert TOKEN not in seen.read_text()
    seen.write_text("[]")
    assert "another secret" not in said(), "what cannot be read was not seen"


def test_a_clock_that_is_far_ahead_is_bad(project: Project) -> None:
    with serving(ahead=600) as endpoint:
        clock = asked(project, endpoint)[Aspect.CLOCK]
    assert clock.health is Health.BAD
    assert clock.says == "10 min ahead of ours"
    assert "NTP" in clock.hint


def test_a_token_that_is_not_taken_leaves_the_rest_unknown(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_TOKEN", "wrong")
    with serving() as endpoint:
        found = asked(project, endpoint, "env:OTHER_TOKEN")
    assert found[Aspect.AUTHENTICATION].health is Health.BAD
    assert found[Aspect.AUTHENTICATION].says == "who are you?"
    assert found[Aspect.PERMISSIONS].health is found[Aspect.VERSION].health is Health.UNKNOWN


def test_a_secret_that_is_not_there_is_bad_and_nothing_is_asked(project: Project) -> None:
    found = asked(project, "http://localhost:1", "env:NOT_SET")
    assert found[Aspect.SECRETS].health is Health.BAD
    assert found[Aspect.SECRETS].says == "there is no secret at env:NOT_SET"
    assert found[Aspect.REACH].health is Health.UNKNOWN


def test_nobody_there_is_bad_and_all_else_unknown(project: Project) -> None:
    found = asked(project, "http://localhost:1")
    assert found.pop(Aspect.REACH).health is Health.BAD
    assert found.pop(Aspect.SECRETS).health is Health.GOOD
    assert {item.health for item in found.values()} == {Health.UNKNOWN}


def certificate(folder: Path, days: int) -> ssl.SSLContext:
    """A server's certificate for localhost that ends in so many days, and signs itself."""
    import subprocess

    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", str(days), "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


@pytest.mark.parametrize(("days", "health"), [(90, Health.GOOD), (7, Health.BAD)])
def test_tls_is_verified_and_a_certificate_that_runs_out_is_bad(
    days: int, health: Health, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = certificate(tmp_path, days)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with serving(context=context) as endpoint:
        found = asked(project, endpoint)[Aspect.CERTIFICATE]
    assert found.health is health
    assert f"{days - 1} days" in found.says


def test_a_certificate_that_nobody_vouches_for_keeps_us_away(project: Project, tmp_path: Path) -> None:
    with serving(context=certificate(tmp_path, 90)) as endpoint:
        found = asked(project, endpoint)
    assert found[Aspect.REACH].health is Health.BAD
    assert "certificate verify failed" in found[Aspect.REACH].says
    assert found[Aspect.AUTHENTICATION].health is Health.UNKNOWN


# ------------------------------------------------------------------------------------------------ time and words


def answering(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], Iterator[Check]]) -> None:
    monkeypatch.setattr(doctoring, "driver_checks", lambda *_: ask())


def test_what_does_not_answer_in_time_is_unknown_and_holds_up_nobody(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def ask() -> Iterator[Check]:
        yield Check(Aspect.REACH, Health.GOOD, "answers")
        over.wait(60)

    answering(monkeypatch, ask)
    heard: list[Subject] = []
    try:
        found = diagnose(project, "acme", within_s=0.3, notice=heard.append)
    finally:
        over.set()
    gateway = {item.aspect: item for item in found.subjects[2].checks}
    assert gateway[Aspect.REACH].health is Health.GOOD
    assert {item.says for item in gateway.values() if item.health is Health.UNKNOWN} == {"no answer in time"}
    assert not found.healthy
    assert tuple(heard) == found.subjects


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ((Check(Aspect.REACH, Health.GOOD, "answers"),), "the driver does not say"),
        ((Check(Aspect.REACH, Health.BAD, "is away"),), "not asked: see what is wrong before"),
    ],
)
def test_what_a_driver_does_not_say_is_unknown(
    checks: tuple[Check, ...], said: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, lambda: iter(checks))
    found = diagnose(project, "acme").subjects[2]
    assert [item.says for item in found.checks if item.health is Health.UNKNOWN] == [said] * 5
    assert not found.healthy


def test_a_driver_that_fails_is_unknown_and_its_words_are_not_shown(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask() -> Iterator[Check]:
        if project.root.exists():
            raise RuntimeError(f"bad token {TOKEN}")
        yield Check(Aspect.REACH, Health.GOOD, "never said")

    answering(monkeypatch, ask)
    found = diagnose(project, "acme").subjects[2]
    assert found.checks[0].says == "the driver failed while it was asked: RuntimeError"
    assert TOKEN not in repr(found)


def test_a_site_that_is_wrong_is_bad_and_the_others_are_asked(project: Project) -> None:
    edit(project.site_file("acme"), ("operational: dc1", "operational: dc3"))
    found = diagnose(project, None)
    by_site = {(item.name, item.site): item for item in found.subjects}
    assert by_site["gateway", "globex"].healthy
    assert not by_site["gateway", "acme"].healthy
    assert by_site["gateway", "acme"].checks[0].hint == "oceana-dr validate acme"


@pytest.mark.parametrize(("skew", "said"), [(0.2, "0.2 s ahead of ours"), (-7300.0, "2 h behind ours")])
def test_a_skew_is_said_in_words(skew: float, said: str) -> None:
    assert skew_check(skew, "a host").says == said


# ----------------------------------------------------------------------------------------- the state, the command


def test_a_teams_database_is_asked_for_its_clock_and_what_we_may(
    project: Project, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATE_URL", postgres_url)
    opened = Project(**{**vars_of(project), "state": StateSettings("env:STATE_URL")})
    found = {item.aspect: item for item in state_checks(opened) if item.about != project.shown(project.state_dir)}
    assert {item.health for item in found.values()} <= {Health.GOOD, Health.NONE}
    assert found[Aspect.VERSION].says.startswith("PostgreSQL ")
    assert found[Aspect.PERMISSIONS].says == "may make its tables"
    assert abs(found[Aspect.CLOCK].skew_s or 0) < 60
    monkeypatch.setenv("STATE_URL", "postgresql://nobody:hunter2@127.0.0.1:1/none")
    away = list(state_checks(opened))
    assert any(item.health is Health.BAD and item.aspect is Aspect.REACH for item in away)
    assert "hunter2" not in repr(away)
    monkeypatch.delenv("STATE_URL")
    gone = {item.aspect: item for item in state_checks(opened)}
    assert gone[Aspect.SECRETS].health is Health.BAD


def vars_of(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in project.__dataclass_fields__}


def test_a_state_folder_that_cannot_be_written_is_bad(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = {item.aspect: item for item in state_checks(project)}
    assert found[Aspect.PERMISSIONS].health is Health.BAD
    assert "OCEANA_DR_STATE" in found[Aspect.PERMISSIONS].hint


def test_the_command_says_so_in_text_and_in_json(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    assert run(["doctor", "acme"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("asking 4 subjects, for 10 s at most; nothing is changed\n")
    assert said.endswith("all is well: 4 subjects\n")
    assert run(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["healthy"] is True
    monkeypatch.setattr(doctor_systems, "endpoint_of", lambda _: "http://localhost:1")
    edit(project.root / "oceana-dr.yaml", ("{endpoint: lab}", "{endpoint: 'http://localhost:1'}"))
    assert run(["doctor", "acme"]) == 3
    assert "not all is well: 1 bad, 4 unknown; see gateway (acme)" in capsys.readouterr().out
    assert run(["doctor", "acmee"]) == 1


def test_unknown_looks_like_nothing_good_on_a_narrow_terminal_without_letters() -> None:
    checks = (
        Check(Aspect.REACH, Health.GOOD, "answers", "https://gateway.acme.example"),
        Check(Aspect.VERSION, Health.UNKNOWN, "it does not say what it is", "https://gateway.acme.example", "ask it"),
        Check(Aspect.SECRETS, Health.BAD, "there is no secret at env:TOKEN", "env:TOKEN"),
    )
    text = DoctorText(width=60, ascii=True)
    found = Diagnosis((Subject("gateway", "acme", checks),))
    shown = text.subject(found.subjects[0]) + text.verdict(found.subjects)
    assert shown.isascii()
    assert max(map(len, shown.splitlines())) <= 60
    assert "?  version         https://gateway.acme.example:" in shown
    assert "not all is well: 1 bad, 1 unknown" in shown


def test_programs_of_the_system_are_given_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_TOKEN", TOKEN)
    monkeypatch.setenv("GIT_DIR", "/somewhere")
    found = surroundings(LC_ALL="C")
    assert TOKEN not in str(found)
    assert (found["GIT_DIR"], found["LC_ALL"], found["PATH"]) == ("/somewhere", "C", os.environ["PATH"])
