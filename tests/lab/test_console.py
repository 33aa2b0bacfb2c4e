"""The lab's web console says on every page what it is, shows an estate as text, and lets in who knows the password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Override
from oceana_dr.lab.console.app import Answer, ConsoleApp, Request
from oceana_dr.lab.console.pages import NOTICE
from oceana_dr.lab.console.trial import served_lab
from oceana_dr.lab.lab import Lab

ROOT = "/console/globex/dc1/"
CLUSTER = Ref("dc1/smgr/cluster1/UCAStoreService#Geographical server cluster name")


@pytest.fixture
def console() -> Iterator[tuple[Lab, ConsoleApp, str]]:
    with served_lab() as (_, lab, app, password):
        answer = app.handle(Request("POST", f"{ROOT}login", "", _form(user="tester", password=password)))
        assert answer is not None
        yield lab, app, answer.headers["Set-Cookie"].partition(";")[0]


def _form(**fields: str) -> bytes:
    return urlencode(fields).encode()


def _got(answer: Answer | None, status: int = 200) -> str:
    assert answer is not None
    assert answer.status == status
    return answer.body


def test_every_page_says_that_it_is_the_lab_s_and_asks_nobody_else(console: tuple[Lab, ConsoleApp, str]) -> None:
    _, app, cookie = console
    for target in (ROOT, f"{ROOT}menu/Elements", f"{ROOT}menu/Users", f"{ROOT}menu/Elements/Avaya%20Breeze"):
        for who in ("", cookie):
            body = _got(app.handle(Request("GET", target, who)))
            assert NOTICE in body
            assert re.findall(r"(?:src|href|action)=\"(?!/console/|data:,)", body) == []


def test_nobody_gets_in_without_the_password_and_no_form_is_taken(console: tuple[Lab, ConsoleApp, str]) -> None:
    _, app, _ = console
    refused = _got(app.handle(Request("POST", f"{ROOT}login", "", _form(user="tester", password="x"))), 403)
    assert 'role="alert"' in refused
    assert "x" not in re.findall(r'value="([^"]*)"', refused)
    for cookie in ("", "oceana-dr-lab=guessed"):
        assert "Log On" in _got(app.handle(Request("POST", f"{ROOT}frame", cookie, _form(key="k"))), 403)


def test_a_value_of_the_estate_is_text(console: tuple[Lab, ConsoleApp, str]) -> None:
    lab, app, cookie = console
    lab.edit("somebody", {CLUSTER: Override(True, '"><script>alert(1)</script>')}, force=True)
    query = urlencode({"tab": 1, "c0": "Avaya Oceana® Cluster 1", "c1": "UCAStoreService"})
    body = _got(app.handle(Request("GET", f"{ROOT}frame?{query}", cookie)))
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body


def test_a_form_is_committed_once_and_only_where_it_differs(console: tuple[Lab, ConsoleApp, str]) -> None:
    lab, app, cookie = console
    page = {"c0": "Avaya Oceana Cluster 3", "c1": "EmailService", "key": "one"}
    same = app.handle(Request("POST", f"{ROOT}frame", cookie, _form(**page, o0="on", v0="true", w0="+true")))
    assert "Nothing was changed." in _got(same)
    for _ in range(2):
        done = app.handle(Request("POST", f"{ROOT}frame", cookie, _form(**page, o0="on", v0="false", w0="+true")))
        assert "The attributes were committed." in _got(done)
    assert [event.kind for event in lab.events()] == ["act"]


def test_what_cannot_be_read_is_answered(console: tuple[Lab, ConsoleApp, str]) -> None:
    _, app, cookie = console
    many = "&".join(f"a{number}=1" for number in range(30))
    _got(app.handle(Request("GET", f"{ROOT}?{many}", cookie)), 400)
    _got(app.handle(Request("GET", "/console/nowhere/dc1/", cookie)), 404)
    _got(app.handle(Request("DELETE", ROOT, cookie)), 404)
