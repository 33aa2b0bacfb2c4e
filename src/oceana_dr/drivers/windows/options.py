"""What may stand at `drivers.windows` in oceana-dr.yaml: a login, names of services, times.

In: plain data. Out: a frozen model.
It must never hold a password: who has only one cannot use this driver.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from oceana_dr.drivers.ssh_options import SshOptions
from oceana_dr.source.site.types import HostName, Part

ServiceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.$@() -]{1,80}$")]


class ServiceNames(Part):
    """Names of Windows services that the manual does not print (Properties > Service name)."""

    audit_log: ServiceName | None = Field(None, description="Audit Log of Control Manager.", examples=["AuditLogSvc"])
    license_tracker: ServiceName | None = Field(None, description="License Tracker of Control Manager.")
    high_availability: ServiceName | None = Field(None, description="High-availability service of Control Manager.")
    sql_server: ServiceName | None = Field(
        None,
        description="SQL Server of Control Manager, where its server has several instances.",
        examples=["MSSQL$ACM"],
    )


class WindowsOptions(SshOptions):
    """The driver for Windows services (PowerShell over OpenSSH)."""

    hosts: dict[HostName, HostName] = Field(
        default_factory=dict,
        description="Where a server is reached, if not under its name in the site's file.",
        examples=[{"ocdb-a.globex.example": "10.21.5.20"}],
    )
    services: ServiceNames = Field(
        default_factory=ServiceNames, description="Names of services; without one, it is looked for by display name."
    )
    reset_unit: Literal["days", "seconds"] = Field(
        "days",
        description="What `Reset fail count after` of the ISCAgent counts: the manual prints 120 without a unit, and "
        "the dialog that it describes counts days.",
    )
    answer_s: float = Field(30.0, description="Seconds that a server has for an answer.", ge=0.5, le=300.0)
    settle_s: int = Field(120, description="Seconds that services have to start or stop.", ge=1, le=1800)
