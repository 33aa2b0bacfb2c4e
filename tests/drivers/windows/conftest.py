"""Seven servers on loopback: a real SSH server, and a stand-in for PowerShell on each address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from oceana_dr.drivers.protocol import Setting
from oceana_dr.drivers.trial import site_for_tests
from oceana_dr.drivers.windows.options import WindowsOptions
from oceana_dr.drivers.windows.trial import Stand, windows_stand
from tests.debian import on_path

Open = Callable[..., Setting[WindowsOptions]]


@pytest.fixture(scope="session")
def running() -> Iterator[Stand]:
    """Started once by each worker that has such tests."""
    with on_path("sshd"), windows_stand() as found:
        yield found


@pytest.fixture
def stand(running: Stand) -> Stand:
    """The servers as at the beginning: Data Center 1 serves."""
    running.reset()
    return running


@pytest.fixture
def setting(stand: Stand) -> Open:
    """What opens the driver's parts on them, with changes to the options."""

    def opened(**changes: Any) -> Setting[WindowsOptions]:
        return Setting("globex", WindowsOptions.model_validate({**stand.login, **changes}), site_for_tests())

    return opened
