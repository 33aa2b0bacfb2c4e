"""The gateway's reader from a setting: over HTTP, to the endpoint of the options.

In: a site, the options of the gateway. Out: a reader, a transport.
A lab in this process is opened where labs are known, above drivers: its endpoint must never come here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oceana_dr.drivers.gateway.reader import GatewayReader
from oceana_dr.drivers.gateway.transport import HttpTransport
from oceana_dr.estate.values import SecretRef

if TYPE_CHECKING:
    from oceana_dr.drivers.protocol import Setting
    from oceana_dr.source.project_model import GatewayDriver


def open_reader(setting: Setting[GatewayDriver]) -> GatewayReader:
    """A reader of the site's estate."""
    return GatewayReader(open_transport(setting.options), setting.site, setting.bound)


def open_transport(options: GatewayDriver) -> HttpTransport:
    """The way to the endpoint."""
    return HttpTransport(options.endpoint, SecretRef(options.token) if options.token else None)
