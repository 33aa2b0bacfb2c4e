"""An attribute is changed as a person changes it: filled in, looked at, committed, read on a fresh page."""

from __future__ import annotations

import hashlib
import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from oceana_dr.drivers.console.opening import browser_of, pages_of
from oceana_dr.drivers.console.pictures import Album
from oceana_dr.drivers.console.session import visit
from oceana_dr.drivers.contract import ActRequest, Declined, Done, InDoubt
from oceana_dr.estate.action import RunProcedure, SetValues
from oceana_dr.estate.address import Ref, address_of, attribute_of
from oceana_dr.lab.console.app import Answer, Request
from tests.console_lab import DEFAULT, EMAIL, OFF, ON, SMS, SOCIAL, Bench, replacing

CARDINAL = (255, 0, 255)
"""The colour that covers what must not be seen."""


def test_a_change_is_committed_once_and_read_back_with_pictures_of_it(console: Bench) -> None:
    before = console.arrived()
    outcome = console.with_pictures().act({EMAIL: OFF}, {EMAIL: ON})
    assert isinstance(outcome, Done)
    assert outcome.evidence["read_back"] == {"Deployment status of emailmanager": "false"}
    assert (console.value(EMAIL), console.arrived()) == (OFF, before + 1)
    told: Any = outcome.evidence["pictures"]
    names = [re.sub(r"^run-S\d+-1-", "", Path(item["path"]).name) for item in told]
    assert names == ["1-before.png", "2-filled-in.png", "3-committed.png", "4-read-back.png"]
    for item in told:
        path = Path(item["path"])
        assert hashlib.sha256(path.read_bytes()).hexdigest() == item["sha256"]
        assert (path.stat().st_mode & 0o777, path.stat().st_size) == (0o600, item["size"])
    assert console.password not in repr(outcome)
    again = console.act({EMAIL: OFF})  # it is so already
    assert isinstance(again, Done)
    assert (again.evidence["already"], console.arrived()) == (True, before + 1)


def test_a_dry_run_fills_in_and_leaves_without_the_last_click(console: Bench) -> None:
    before = console.arrived()
    outcome = console.with_options(dry_run=True).with_pictures().act({EMAIL: OFF}, {EMAIL: ON})
    assert isinstance(outcome, Declined)
    assert (outcome.rule, console.value(EMAIL), console.arrived()) == ("dry-run", ON, before)
    assert [path.stem.rpartition("-")[2] for path in console.pictures()] == ["before", "in"]
    assert str(console.pictures()[-1]) in outcome.message


def test_a_label_that_is_missing_is_declined_with_what_was_looked_for_and_a_picture(console: Bench) -> None:
    other = console.with_options(labels={"Deployment status of emailmanager": "Deployment Mode status"})
    outcome = other.with_pictures().act({EMAIL: OFF}, {EMAIL: ON})
    assert isinstance(outcome, Declined)
    assert "looked for a row “Deployment Mode status”: it is not there" in outcome.message
    (picture,) = (path for path in console.pictures() if "stopped" in path.name)
    assert f"{picture} (SHA-256 {hashlib.sha256(picture.read_bytes()).hexdigest()})" in outcome.message
    assert console.value(EMAIL) == ON


def test_two_buttons_of_one_name_are_not_chosen_from(console: Bench) -> None:
    with console.tampered(replacing("<button>Commit</button>", "<button>Commit</button><button>Commit</button>")):
        outcome = console.act({EMAIL: OFF}, {EMAIL: ON})
    assert isinstance(outcome, Declined)
    assert "looked for a button called “Commit”: it is there 2 times" in outcome.message
    assert console.value(EMAIL) == ON


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<tbody>(?=<tr><th scope)", "<tbody><tr><td>Deployment status of emailmanager</td><td><td></tr>", "2 times"),
        ("<th>Effective Value</th>", "<th>Effective Value</th><th>Effective Value</th>", "4 headings"),
        ("(?=<input type=.checkbox)", "<input type='checkbox'>", "one box"),
        ("(?=<select name=.v)", "<input>", "looked for one “Effective Value”"),
    ],
)
def test_a_row_that_is_not_clear_is_not_read(console: Bench, old: str, new: str, says: str) -> None:
    with console.tampered(replacing(old, new)):
        (found,) = console.reader.read((address_of(EMAIL),))
    assert isinstance(found.resource, dict)
    assert says in str(found.resource[attribute_of(EMAIL)])


def test_what_somebody_has_changed_since_the_plan_is_left_alone(console: Bench) -> None:
    console.is_set(EMAIL, DEFAULT)
    outcome = console.act({EMAIL: OFF}, {EMAIL: ON})
    assert isinstance(outcome, Declined)
    assert (outcome.rule, console.value(EMAIL)) == ("drift", DEFAULT)


def test_it_does_only_what_has_a_click_path(console: Bench) -> None:
    two = console.act({Ref(f"{SMS}#MaintenanceMode"): ON, Ref(f"{SOCIAL}#MaintenanceMode"): ON})
    assert isinstance(two, Declined)
    assert "one click commits one page" in two.message
    procedure = ActRequest("run/S/1", "S", RunProcedure("install-ucmservice", {"to": "dc2"}), "ada")
    assert isinstance(console.writer.act(procedure), Declined)
    pairs = Ref("dc1/smgr/cluster1/ContextStoreManager#attributes prefixed with GEO")
    assert isinstance(console.writer.act(ActRequest("k", "S", SetValues({pairs: ("a = b",)}), "ada")), Declined)


# ------------------------------------------------------------------------------------------ after the last click


def test_a_lost_answer_is_looked_for_on_a_fresh_page(console: Bench) -> None:
    console.breaks("answer-lost")
    before = console.arrived()
    outcome = console.act({EMAIL: DEFAULT}, {EMAIL: ON})
    assert isinstance(outcome, Done)
    assert outcome.evidence["read_back"] == {"Deployment status of emailmanager": "default"}
    assert (console.value(EMAIL), console.arrived()) == (DEFAULT, before + 1)


def test_a_session_that_is_lost_at_the_last_click_leaves_it_in_doubt(console: Bench) -> None:
    honest = console.app.handle

    def lost(request: Request) -> Answer | None:
        if request.method == "POST" and request.target.endswith("frame"):
            console.app.forget()
        return honest(request)

    with console.in_place_of_it(lost):
        outcome = console.with_options(arrive_s=0.1).act({EMAIL: OFF}, {EMAIL: ON})
    assert isinstance(outcome, InDoubt)
    assert "a fresh page shows that Deployment status of emailmanager is true" in outcome.reason
    assert console.value(EMAIL) == ON


def test_what_the_console_refuses_is_declined_in_its_words(console: Bench) -> None:
    console.breaks("refuse")
    outcome = console.act({EMAIL: OFF}, {EMAIL: ON})
    assert isinstance(outcome, Declined)
    assert "the console refuses (a fault of this lab)" in outcome.message
    assert console.value(EMAIL) == ON


# ------------------------------------------------------------------------------------------ what it never does


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another server on this machine, and what it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


def test_nothing_leaves_the_console_s_origin_and_what_was_refused_is_told(console: Bench) -> None:
    with elsewhere() as (other, asked):
        tricks = (
            f"<script>fetch('{other}/fetched').catch(() => 0); open('{other}/window'); alert('Read this');</script>"
            f"<img src='{other}/image'><iframe src='{other}/frame'></iframe></body>"
        )

        def tampered(request: Request, answer: Answer | None) -> Answer | None:
            if answer is None or not request.target.endswith("Elements"):
                return answer
            open_policy = {"Content-Security-Policy": "default-src * 'unsafe-inline'"}
            return replace(answer, body=answer.body.replace("</body>", tricks), headers=open_policy)

        with console.tampered(tampered):
            outcome = console.with_options(dry_run=True).act({EMAIL: OFF}, {EMAIL: ON})
    assert asked == []
    assert isinstance(outcome, Declined)
    assert sorted(outcome.message.split("; ")[1:]) == [
        "a dialog “Read this”: answered with Cancel",
        f"a request to {other}: refused",
        "a window of its own: closed",
    ]


def test_a_login_page_that_leads_elsewhere_gets_no_password(console: Bench) -> None:
    with elsewhere() as (other, asked):

        def away(_: Request, __: Answer | None) -> Answer:
            return Answer(302, "", headers={"Location": f"{other}/login"})

        with console.tampered(away):
            outcome = console.act({EMAIL: OFF})
    assert asked == []
    assert isinstance(outcome, Declined)
    assert "leads away from itself" in outcome.message


def test_no_picture_shows_the_password(console: Bench, tmp_path: Path) -> None:
    setting = console.setting
    own = pages_of(setting.options, setting.bound).consoles["dc1"]

    def look(running: Any) -> tuple[list[str], bool]:
        with visit(running, own, setting.stop) as session:
            album = Album(tmp_path, "login")
            session.log_on()
            session.page.goto(f"{own.url}logout")
            session.screen.labelled("Password").fill(console.password)
            covered = album.take(session, "typed")
            assert covered is not None
            with Image.open(covered.path) as image:
                colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or ()}
            session.screen.labelled("User ID").fill(console.password)
            assert album.take(session, "shown") is None
            return session.told, CARDINAL in colours

    told, covered = browser_of(setting.options).run(look, setting.stop)
    assert covered
    assert told == ["a picture “shown”: not taken, the page shows the password"]
    assert len(list(tmp_path.iterdir())) == 1
