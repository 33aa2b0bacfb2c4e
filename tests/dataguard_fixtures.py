"""A stand-in for dgmgrl that replays dialogues, and the driver on it.

In: nothing. Out: fixtures, a setting, a procedure of the catalogue done.
There is no Oracle here, and nothing that these tests show of it is more than its words.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.drivers.contract import ActRequest, Outcome
from oceana_dr.drivers.dataguard.options import DataGuardOptions
from oceana_dr.drivers.dataguard.reader import open_reader
from oceana_dr.drivers.dataguard.stand_in import StandIn, make_stand_in
from oceana_dr.drivers.dataguard.writer import open_writer
from oceana_dr.drivers.protocol import Setting
from oceana_dr.drivers.trial import site_for_tests
from oceana_dr.estate.action import RunProcedure
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Unknown

DC1, DC2 = Address("dc1/oracle"), Address("dc2/oracle")
SWITCHOVER = RunProcedure("oracle-switchover-to-standby", {"from": "dc1", "to": "dc2"})
FAILOVER = RunProcedure("oracle-failover", {"to": "dc2"})
REINSTATE = RunProcedure("oracle-reinstate-from-dc2", {})


@pytest.fixture
def stand_in(tmp_path: Path) -> StandIn:
    return make_stand_in(tmp_path / "oracle")


def setting(stand_in: StandIn, **changes: Any) -> Setting[DataGuardOptions]:
    """The driver's setting at the site of the examples, quick enough for a test; `stop` ends it."""
    stop: threading.Event = changes.pop("stop", threading.Event())
    quick = {"program": stand_in.program, "answer_s": 10.0, "act_s": 10.0, "settle_s": 0.2}
    options = DataGuardOptions.model_validate({**quick, **changes})
    return Setting("globex", options, site_for_tests(), stop=stop)


def act(stand_in: StandIn, procedure: RunProcedure, **changes: Any) -> Outcome:
    """The procedure, asked for once."""
    return open_writer(setting(stand_in, **changes)).act(ActRequest("run/P26/1", "P26", procedure, "ann"))


def read(stand_in: StandIn, **changes: Any) -> dict[Address, Attributes | Unknown]:
    """Both databases."""
    return {item.address: item.resource for item in open_reader(setting(stand_in, **changes)).read()}
