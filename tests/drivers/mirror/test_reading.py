"""What the driver makes of the servers' answers: a value, or unknown with the reason; never a guess that is kind."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.drivers.mirror.reader import open_reader
from oceana_dr.drivers.mirror.stand import Stand
from oceana_dr.drivers.protocol import Setting
from oceana_dr.estate.action import RunProcedure
from oceana_dr.estate.address import Address
from oceana_dr.estate.values import Unknown, Value

A, B, C = (Address(item) for item in ("dc1/omnichannel/A", "dc1/omnichannel/B", "dc2/omnichannel/C"))


def read(stand: Stand, bound: BoundCatalogue, address: Address, **options: Any) -> Mapping[str, Value]:
    (found,) = open_reader(Setting("globex", stand.options(**options), bound)).read([address])
    assert not isinstance(found.resource, Unknown), found.resource
    return found.resource


def why(stand: Stand, bound: BoundCatalogue, address: Address, label: str = "Role", **options: Any) -> str:
    """Why a value is not known."""
    (found,) = open_reader(Setting("globex", stand.options(**options), bound)).read([address])
    value = found.resource if isinstance(found.resource, Unknown) else found.resource[label]
    assert isinstance(value, Unknown), value
    return value.reason


def test_a_mirror_at_rest(stand: Stand, bound: BoundCatalogue) -> None:
    rest = {"Cache": "up", "Databases": "in sync"}
    reader = open_reader(Setting("globex", stand.options(), bound))
    found = {item.address: item.resource for item in reader.read()}
    assert found == {
        A: {**rest, "Role": "primary", "ValidatedMember": "1"},
        B: {**rest, "Role": "backup", "ValidatedMember": "1"},
        C: {**rest, "Role": "async", "Lag seconds": 0},
        **{Address(f"{item}/MirrorService"): {"Service Enabled": "selected"} for item in (A, B, C)},
    }
    assert reader.read([Address(f"{A}/TLS")]) == ()


def test_only_the_five_answers_of_an_old_release(stand: Stand, pair: BoundCatalogue) -> None:
    stand.set(methods=[])
    assert read(stand, pair, C)["Role"] == "async"
    assert why(stand, pair, Address(f"{C}/MirrorService")).startswith("it does not say whether %Service_Mirror")
    stand.be("C", cpf={"AsyncMemberGUID": "1", "AsyncMemberType": "1", "JoinMirror": "1"})
    assert why(stand, pair, C) == "an async member of type 1, which cannot be promoted"


@pytest.mark.parametrize(
    ("lag", "seconds", "databases"),
    [
        ("Caught up", 0, "in sync"),
        ("5 seconds behind", 5, "catching up"),
        ("1 hour, 2 minutes", 3720, "catching up"),
        ("2 Days 1 Second", 172801, "catching up"),
    ],
)
def test_how_far_a_copy_is_behind(lag: str, seconds: int, databases: str, stand: Stand, pair: BoundCatalogue) -> None:
    stand.be("C", lag=lag)
    found = read(stand, pair, C)
    assert (found["Lag seconds"], found["Databases"]) == (seconds, databases)


@pytest.mark.parametrize(
    "lag",
    [
        "Disconnected on 2026-01-01 02:10:00",
        "Warning! Some databases need attention.",
        "Warning! Dejournaling is stopped.",
        "3 seconds, perhaps",
        "Active",
        "",
    ],
)
def test_other_words_are_no_number(lag: str, stand: Stand, pair: BoundCatalogue) -> None:
    stand.be("C", lag=lag)
    assert why(stand, pair, C, "Lag seconds") == f"the Mirror Monitor says {lag!r}"
    assert why(stand, pair, C, "Databases") == f"the Mirror Monitor says {lag!r}"


def test_a_database_that_is_left_out(stand: Stand, pair: BoundCatalogue) -> None:
    stand.be("C", databases=["MULTIMEDIA_DATA"])
    assert read(stand, pair, C)["Databases"] == "not mirrored"


@pytest.mark.parametrize("status", ["In Trouble", "Waiting", "Crashed", "Primary", "nobody's word"])
def test_a_status_that_is_not_in_order(status: str, stand: Stand, bound: BoundCatalogue) -> None:
    stand.be("B", status=status)
    assert status in why(stand, bound, B)
    assert status in why(stand, bound, B, "Databases")


def test_a_reporting_member_cannot_be_promoted(stand: Stand, pair: BoundCatalogue) -> None:
    stand.be("C", type="Read-Only Reporting")
    assert why(stand, pair, C) == "an async member of type Read-Only Reporting, which cannot be promoted"


def test_columns_are_known_by_their_names(stand: Stand, pair: BoundCatalogue) -> None:
    stand.set(columns=["MemberName", "CurrentRole", "CurrentStatus", "JournalTransferLatency", "DejournalingLatency"])
    assert read(stand, pair, C)["Lag seconds"] == 0
    stand.set(columns=["MemberName", "?", "CurrentStatus", "JournalTransferLatency", "DejournalingLatency"])
    assert "columns: MemberName, ?, CurrentStatus" in why(stand, pair, C, "Lag seconds")
    assert read(stand, pair, C)["Role"] == "async"


# ------------------------------------------------------------------------------------ down, lost, locked out


def test_who_was_told_of_a_promotion_is_backup_while_it_is_down(stand: Stand, pair: BoundCatalogue) -> None:
    stand.perform(RunProcedure("promote-async-active-available", {}), "Ada")
    found = read(stand, pair, A)
    assert (found["Cache"], found["Role"], found["ValidatedMember"]) == ("down", "backup", "0")
    assert read(stand, pair, C)["Role"] == "primary"


def test_who_was_not_told_may_be_a_second_primary(stand: Stand, pair: BoundCatalogue) -> None:
    stand.be("A", running=False, lost=True)
    stand.perform(RunProcedure("promote-async-single-dc1-offline", {}), "Ada")
    assert why(stand, pair, A) == "Caché is down, and ValidatedMember is not 0: it may be primary when it starts"
    assert read(stand, pair, A)["ValidatedMember"] == "1"
    stand.be("A", lost=False)
    stand.control("A", running=True)
    assert [read(stand, pair, item)["Role"] for item in (A, C)] == ["primary", "primary"]
    stand.perform(RunProcedure("remove-cache-mirroring-server", {"server": "A"}), "Ada")
    found = read(stand, pair, A)
    assert (found["Role"], found["ValidatedMember"], found["Databases"]) == ("not a member", "0", "not mirrored")


def test_the_only_member_is_primary_also_while_it_is_down(stand: Stand, pair: BoundCatalogue) -> None:
    """The untouched copy that recovery keeps on Server C."""
    stand.be("C", part="primary", running=False, cpf={"JoinMirror": "1", "ValidatedMember": "1"})
    assert "it may be primary when it starts" in why(stand, pair, C)
    stand.perform(RunProcedure("remove-cache-mirroring-server", {"server": "A"}), "Ada")
    found = read(stand, pair, C)
    assert (found["Role"], found["Cache"], found["Databases"]) == ("primary", "down", "catching up")
    stand.be("A", cpf={}, running=False)
    assert read(stand, pair, C)["Role"] == "primary"
    with stand.being("locked"):
        assert why(stand, pair, C).startswith("not read: ")


def test_out_of_the_mirror_by_its_file_while_it_is_down(stand: Stand, pair: BoundCatalogue) -> None:
    stand.be("A", running=False, cpf={"JoinMirror": "0", "ValidatedMember": "0"})
    found = read(stand, pair, A)
    assert (found["Cache"], found["Role"], found["ValidatedMember"]) == ("down", "not a member", "0")


def test_down_without_a_primary_that_tells(stand: Stand, pair: BoundCatalogue) -> None:
    stand.be("A", running=False, cpf={"JoinMirror": "1", "ValidatedMember": "0"})
    assert why(stand, pair, A) == "Caché is down, and no primary tells what it is"


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("state", ["silent", "locked"])
def test_who_does_not_answer_is_not_switched_off(state: str, stand: Stand, pair: BoundCatalogue) -> None:
    with stand.being(state):
        for address in (A, C):
            assert why(stand, pair, address, answer_s=0.5).startswith("not read: ")


@pytest.mark.usefixtures("processes")
def test_a_program_that_is_not_there(stand: Stand, pair: BoundCatalogue, tmp_path: Path) -> None:
    reason = why(stand, pair, A, powershell=f"{tmp_path}/nothing")
    assert reason == f"not read: {tmp_path}/nothing cannot be started: No such file or directory"


@pytest.mark.usefixtures("processes")
def test_another_namespace_is_not_asked(stand: Stand, pair: BoundCatalogue) -> None:
    path = stand.folder / "csession"
    path.write_text(
        path.read_text("utf-8").replace("sys.exit(", 'stand_in._VALUES["$namespace"] = lambda *_: "USER"\nsys.exit(')
    )
    assert why(stand, pair, A) == "not read: the session is in namespace USER, not %SYS"


@pytest.mark.usefixtures("processes")
def test_a_login_that_is_asked_for(stand: Stand, pair: BoundCatalogue) -> None:
    (stand.folder / "csession").write_text("#!/bin/sh\ncat >/dev/null; echo 'Username: '\n")
    assert why(stand, pair, A) == "not read: its answer has no end"
    assert read(stand, pair, A)["Cache"] == "up"
