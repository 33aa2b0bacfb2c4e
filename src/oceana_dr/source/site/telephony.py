"""Telephony: Communication Manager, ESS, Application Enablement Services, fallback for voice.

In: the mappings of those names below a data centre, and `voice_fallback`. Out: frozen models.
A model must never say which server takes calls now: that follows from `operational`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from oceana_dr.source.site.types import Duration, Extension, IPv4, Part

RoutingNumber = Annotated[int, Field(ge=1, le=8000)]


class Addressed(Part):
    """A system that is known by its address."""

    address: IPv4 = Field(description="IPv4 address of the system.", examples=["10.11.5.10"])


class VoiceFallback(Part):
    """What Communication Manager, and the ESS after it, routes voice with when the adjunct route to Oceana fails."""

    vdns: tuple[Extension, ...] = Field(
        description="Vector directory numbers (VDNs) for fallback.", min_length=1, examples=[["7100"]]
    )
    vectors: tuple[RoutingNumber, ...] = Field(
        description="Numbers of the vectors for fallback.", min_length=1, examples=[[71]]
    )
    skills: tuple[RoutingNumber, ...] = Field(
        description="Numbers of the skills (hunt groups) for fallback.", min_length=1, examples=[[71]]
    )


class Ess(Addressed):
    """Enterprise Survivable Server of Data Center 2."""

    time_limit: Duration | None = Field(
        None,
        description="How long its licence lets it serve without Communication Manager (manual, line 1752).",
        examples=["30d"],
    )


class ApplicationEnablement(Addressed):
    """Application Enablement Services (AES) of one data centre.

    Which AES Oceana's components use follows from `operational`; in an outage of Oceana alone it is the AES of
    Data Center 1 (manual, lines 310-315).
    """

    links: tuple[Literal["communication_manager", "ess"], ...] | None = Field(
        None,
        description="Telephony servers that this AES is linked to. The one of its own data centre, if absent; a link "
        "over the WAN is not supported (manual, line 2286).",
        min_length=1,
        examples=[["communication_manager"]],
    )
