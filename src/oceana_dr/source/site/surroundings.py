"""What stands around the two data centres: WAN, Web Voice clients, outbound, Oracle, recovery.

In: the mappings `wan`, `web_rtc`, `outbound`, `oracle`, `recovery`. Out: frozen models, all of them optional.
A model must never hold what a reader can measure now: a figure here is what was agreed or ordered.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from oceana_dr.source.site.governance import Window
from oceana_dr.source.site.types import Duration, HostName, Part, SecretRef, Text, Url, Word


class Wan(Part):
    """The link between the data centres."""

    delay_ms: int = Field(
        description="Delay, in milliseconds; Control Manager needs less than 50 (manual, line 2290).",
        ge=0,
        le=60000,
        examples=[12],
    )


class WebRtc(Part):
    """WebRTC agents and what they and the clients were promised (manual, lines 258-272, 331-346)."""

    agents: int = Field(0, description="Number of WebRTC agents; 500 at most (manual, line 260).", ge=0, examples=[250])
    transfer: bool = Field(
        False, description="Whether WebRTC calls are to be transferred, which is not supported (manual, line 270)."
    )
    conference: bool = Field(
        False, description="Whether WebRTC calls are to be conferenced, which is not supported (manual, line 270)."
    )
    gateway: Literal["avaya_aura_web_gateway", "avaya_mobile_video"] = Field(
        "avaya_aura_web_gateway",
        description="The WebRTC components; those of Avaya Mobile Video are not supported any more (manual, lines "
        "261-268).",
    )
    clients: tuple[HostName, ...] = Field(
        (),
        description="What web and mobile clients are configured with: the names of `dns`, never addresses (manual, "
        "line 334). Those names, if empty.",
        examples=[["token.globex.example", "aawg.globex.example", "amc.globex.example"]],
    )


class Outbound(Part):
    """Outbound campaigns: Proactive Outreach Manager."""

    url: Url | None = Field(
        None, description="Address of Proactive Outreach Manager.", examples=["https://pom.acme.example"]
    )
    disaster_recovery: bool = Field(
        False, description="Whether campaigns are to go on in the other data centre; they cannot (manual, line 1074)."
    )


class Oracle(Part):
    """Avaya Analytics' Oracle database and its Data Guard, where `analytics` is in the data centres."""

    user: Word = Field("sys", description="User of dgmgrl (manual, line 1340).")
    password: SecretRef | None = Field(
        None, description="Reference to that user's password.", examples=["env:GLOBEX_ORACLE_PASSWORD"]
    )
    flashback: bool = Field(
        True, description="Whether database flashback is on: a reinstatement needs it (manual, line 1528)."
    )
    flashback_retention: Duration = Field(
        "24h", description="How far back it reaches, and so the time to reinstate in (manual, line 1528)."
    )
    used_by: tuple[Text, ...] = Field(
        ("Avaya Analytics",),
        description="What uses the embedded database; its licence allows Avaya Analytics alone (manual, lines "
        "274-282).",
    )


class Recovery(Part):
    """The return to Data Center 1 (manual, lines 1754-1758)."""

    maintenance_window: Window = Field(
        description="The window in which Data Center 1 is brought back; the contact centre is closed in it."
    )
    reject_contacts: bool = Field(
        True, description="Whether all incoming contacts are rejected in the window (manual, line 1758)."
    )
