"""Who may change a site, when, how long it takes, and how to test each channel.

In: the mappings `verification`, `change_windows`, `approvals`, `estimates`. Out: frozen models.
A site may only tighten what `oceana-dr.yaml` demands, never loosen it (checked in `checks/policy.py`).
"""

from __future__ import annotations

from pydantic import Field

from oceana_dr.source.site.types import Duration, LocalTime, Mail, Part, Phone, Recurrence, TimeZone, Url


class Verification(Part):
    """Something to test each channel with, after a switchover."""

    voice: Phone | None = Field(None, description="Number to call.", examples=["+49 69 5550100"])
    email: Mail | None = Field(None, description="Mailbox to write to.", examples=["hello@acme.example"])
    chat: Url | None = Field(None, description="Page with the chat.", examples=["https://www.acme.example/chat"])
    sms: Phone | None = Field(None, description="Number to send a text message to.", examples=["+49 151 5550100"])
    social: Url | None = Field(None, description="Page to post on.", examples=["https://social.example/acme"])
    web_voice: Url | None = Field(
        None, description="Page with Web Voice.", examples=["https://www.globex.example/call"]
    )
    web_video: Url | None = Field(
        None, description="Page with Web Video.", examples=["https://www.globex.example/video"]
    )


class ChangeWindow(Part):
    """A recurring stretch of time in which plans may be applied."""

    start: LocalTime = Field(description="First start, local time.", examples=["2026-01-04T02:00"])
    duration: Duration = Field(description="Length of the window.", examples=["4h", "90m"])
    recurrence: Recurrence | None = Field(
        None,
        description="RFC 5545 recurrence rule; without one the window opens once.",
        examples=["FREQ=WEEKLY;BYDAY=SU"],
    )
    time_zone: TimeZone | None = Field(
        None, description="IANA time zone; the site's if absent.", examples=["Europe/Berlin"]
    )


class Approvals(Part):
    """How many people must approve a plan before it is applied."""

    required: int = Field(1, description="Number of approvals, each by another person.", ge=0, le=10)


class Estimate(Part):
    """How long a step takes here, when it differs from the catalogue."""

    p50: Duration = Field(description="Half of the runs take no longer.", examples=["5m"])
    p95: Duration = Field(description="Nineteen of twenty runs take no longer.", examples=["15m"])
