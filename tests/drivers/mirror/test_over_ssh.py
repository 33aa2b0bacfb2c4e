"""The same over a real SSH server on loopback, and what `doctor` says of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.drivers.mirror import host
from oceana_dr.drivers.mirror.doctor import ask
from oceana_dr.drivers.mirror.options import MirrorOptions
from oceana_dr.drivers.mirror.reader import open_reader
from oceana_dr.drivers.mirror.stand import Stand
from oceana_dr.drivers.protocol import Aspect, Check, Health, Setting
from oceana_dr.drivers.ssh import SshTarget, ssh_words
from oceana_dr.drivers.ssh_trial import SshServer
from oceana_dr.estate.address import Address
from oceana_dr.estate.values import Unknown
from tests.ssh_fixtures import running_server

A, C = Address("dc1/omnichannel/A"), Address("dc2/omnichannel/C")


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stand, SshServer]]:
    """A stand-in behind an SSH server that runs its programs and nothing else."""
    stand = Stand(tmp_path_factory.mktemp("stand"), "AC")
    with running_server(f"{stand.folder}/shell") as server:
        yield stand, server


def options(remote: tuple[Stand, SshServer], **others: object) -> MirrorOptions:
    stand, server = remote
    return stand.options(server.login, **others)


def checks(found: MirrorOptions, bound: BoundCatalogue) -> dict[Aspect, list[Check]]:
    said: dict[Aspect, list[Check]] = {}
    for item in ask(Setting("globex", found, bound)):
        said.setdefault(item.aspect, []).append(item)
    return said


def test_it_reads_and_doctor_is_content(remote: tuple[Stand, SshServer], pair: BoundCatalogue) -> None:
    found = {item.address: item.resource for item in open_reader(Setting("globex", options(remote), pair)).read([A, C])}
    assert found[A] == {"Cache": "up", "Databases": "in sync", "Role": "primary", "ValidatedMember": "1"}
    assert found[C] == {"Cache": "up", "Databases": "in sync", "Role": "async", "Lag seconds": 0}
    said = checks(options(remote), pair)
    health = {aspect: {item.health for item in items} for aspect, items in said.items()}
    assert health.pop(Aspect.SECRETS) == {Health.NONE}
    assert health == {aspect: {Health.GOOD} for aspect in Aspect if aspect not in {Aspect.SECRETS, Aspect.CERTIFICATE}}
    assert said[Aspect.VERSION][0].says == "Cache for Windows (stand-in) 2017.2.2"
    assert said[Aspect.REACH][0].says == "answers; CCDSA is running, since Mon Jan 05 08:00:00 2026"
    assert abs(said[Aspect.CLOCK][0].skew_s or 0) < 60


def test_who_is_not_let_in_reads_unknown_and_not_off(remote: tuple[Stand, SshServer], pair: BoundCatalogue) -> None:
    with remote[1].letting_nobody_in():
        (found,) = open_reader(Setting("globex", options(remote), pair)).read([C])
        said = checks(options(remote), pair)
    assert isinstance(found.resource, Unknown)
    assert "is not let in" in found.resource.reason
    assert {item.health for item in said[Aspect.REACH]} == {Health.BAD}
    assert {item.health for item in said[Aspect.PERMISSIONS]} == {Health.UNKNOWN}


def test_doctor_says_what_stands_in_the_way(stand: Stand, pair: BoundCatalogue) -> None:
    named = stand.options().model_dump()
    named["servers"]["C"]["member"] = "ELSEWHERE"
    said = checks(MirrorOptions.model_validate(named), pair)
    (wrong,) = [item for item in said[Aspect.PERMISSIONS] if item.health is Health.BAD]
    assert wrong.says.startswith("its list of members does not show ELSEWHERE (columns: Member Name, ")
    stand.be("A", service=False)
    stand.be("C", running=False)
    said = checks(stand.options(), pair)
    assert {item.says for item in said[Aspect.PERMISSIONS]} >= {"%Service_Mirror is not enabled", "Caché is down"}
    assert Health.GOOD not in {item.health for item in said[Aspect.PERMISSIONS]}


def test_the_words_need_no_quotes_in_any_shell() -> None:
    """cmd.exe, PowerShell and sh have to take them alike: none is quoted on the way."""
    target = SshTarget("ocdb-a.globex.example", "svc", Path("/tmp/known"))
    for words in (("powershell.exe", *host.WORDS), ("csession", "CCDSINSTANCE", "-U", "%SYS")):
        assert ssh_words(target, words, Path("/tmp/log"))[-1] == " ".join(words)
