"""What `doctor` hears of a console, over TLS with an authority of one's own, and what a browser does not trust."""

from __future__ import annotations

import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from oceana_dr.drivers.console.doctor import ask, certified_check
from oceana_dr.drivers.console.options import Certified, ConsoleOptions
from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.lab.server import LabServer
from oceana_dr.lab.service import Service, one_lab
from tests.console_lab import Bench
from tests.debian import program


def checks(console: Bench, **system: Any) -> dict[Aspect, Check]:
    own = console.setting.options.consoles["dc1"].model_copy(update=system)
    options = console.setting.options.model_copy(update={"consoles": {"dc1": own}})
    return {item.aspect: item for item in ask(replace(console.setting, options=options))}


def test_all_aspects_are_told_and_nothing_is_changed(console: Bench) -> None:
    before = console.arrived()
    found = checks(console.with_pictures())
    assert console.arrived() == before
    healths = {aspect: item.health for aspect, item in found.items()}
    assert healths.pop(Aspect.VERSION) is Health.UNKNOWN  # nobody has compared the labels of this console
    assert healths.pop(Aspect.CERTIFICATE) is Health.NONE
    assert set(healths.values()) == {Health.GOOD}
    assert "11 labels on 7 pages" in found[Aspect.PERMISSIONS].says
    assert [path.name for path in console.pictures()] == ["doctor-dc1-1-last-page.png"]


def test_a_record_of_who_compared_the_labels_makes_the_version_known() -> None:
    assert certified_check(None, "140", "https://smgr1").health is Health.UNKNOWN
    record = Certified(release="8.1.3", date="2026-11-29", by="Ada", record="record.md")
    found = certified_check(record, "140", "https://smgr1")
    assert found.health is Health.GOOD
    assert "compared with System Manager 8.1.3 by Ada" in found.says


def test_without_a_browser_nothing_is_good_but_the_password(console: Bench) -> None:
    found = {item.aspect: item for item in ask(console.with_options(browser="/nowhere/chromium").setting)}
    assert found[Aspect.REACH].says == "there is no browser /nowhere/chromium"
    assert {aspect for aspect, item in found.items() if item.health is Health.GOOD} == {Aspect.SECRETS}


def test_a_password_never_goes_over_an_open_line() -> None:
    system = {"url": "http://smgr1.globex.example", "user": "ada", "password": "env:X"}
    with pytest.raises(ValidationError, match="with https"):
        ConsoleOptions.model_validate({"consoles": {"dc1": system}})


@contextmanager
def over_tls(console: Bench, folder: Path) -> Iterator[str]:
    """The console with a certificate that an authority in `folder` has signed."""
    commands = (
        (
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=Authority"
            " -keyout ca.key -out ca.pem -addext basicConstraints=critical,CA:TRUE"
        ),
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout own.key -out own.csr",
        "x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile own.ext -out own.pem",
    )
    (folder / "own.ext").write_text("subjectAltName=DNS:localhost\n")
    for command in commands:
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem", folder / "own.key")
    with LabServer(Service(one_lab(console.lab)), console=console.app) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"https://localhost:{server.server_address[1]}/console/globex/dc1/"
        finally:
            server.shutdown()
            thread.join()


def test_a_certificate_is_trusted_when_its_authority_is_and_else_nobody_logs_on(
    console: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with over_tls(console, tmp_path) as url:
        found = checks(console, url=url)
        assert "not trusted (ERR_CERT_AUTHORITY_INVALID)" in found[Aspect.CERTIFICATE].says
        assert {found[item].health for item in (Aspect.REACH, Aspect.AUTHENTICATION)} == {Health.UNKNOWN}
        certutil = program("certutil")
        monkeypatch.setenv("PATH", f"{certutil.path.parent}{os.pathsep}{os.environ['PATH']}")
        for name, value in certutil.environment.items():
            monkeypatch.setenv(name, value)
        found = checks(console.with_options(ca=str(tmp_path / "ca.pem")), url=url)
        assert found[Aspect.CERTIFICATE].health is Health.GOOD
        assert "verified, by Authority, " in found[Aspect.CERTIFICATE].says
        assert found[Aspect.AUTHENTICATION].health is Health.GOOD
