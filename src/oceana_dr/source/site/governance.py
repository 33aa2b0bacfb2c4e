"""Who may change a site, when, how long it takes, and how to test each channel.

In: the mappings `verification`, `change_windows`, `change_control`, `approvals`, `estimates`. Out: frozen models.
A site may only tighten what `oceana-dr.yaml` demands, never loosen it (checked in `checks/governance.py`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from oceana_dr.source.site.types import (
    Duration,
    LocalTime,
    Mail,
    Part,
    Phone,
    Recurrence,
    Role,
    ScenarioName,
    Text,
    TimeZone,
    Url,
)


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


class Window(Part):
    """A stretch of time, once or recurring."""

    start: LocalTime = Field(
        description="First start, local time. Where a clock is put forward over it, the offset before counts; a time "
        "that comes twice means the first.",
        examples=["2026-01-04T02:00"],
    )
    duration: Duration = Field(
        description="Length in elapsed time: 4h are four hours also on the night a clock is changed.",
        examples=["4h", "90m"],
    )
    recurrence: Recurrence | None = Field(
        None,
        description="RFC 5545 recurrence rule; without one the window opens once.",
        examples=["FREQ=WEEKLY;BYDAY=SU"],
    )
    time_zone: TimeZone | None = Field(
        None, description="IANA time zone; the site's if absent.", examples=["Europe/Berlin"]
    )


class Freeze(Window):
    """A stretch of time in which no plan may be applied, whatever windows are open."""

    reason: Text | None = Field(
        None, description="What it is for, as a refusal says it.", examples=["end of the financial year"]
    )
    override_roles: tuple[Role, ...] = Field(
        (),
        description="Roles that may act against it, with a reason; those of `change_control` if empty.",
        examples=[["change-board"]],
    )


class ChangeWindow(Freeze):
    """A stretch of time in which plans may be applied, or may not."""

    kind: Literal["allow", "deny"] = Field(
        "allow", description="Whether it opens (windows that overlap are one) or forbids (a freeze: it always wins)."
    )
    scenarios: tuple[ScenarioName, ...] = Field(
        (), description="Plans of which it speaks; of all, if empty.", examples=[["steady"]]
    )


class ChangeControl(Part):
    """How strictly the change windows are taken."""

    window_end: Literal["stop", "finish"] = Field(
        "stop",
        description="When the window ends while a plan runs: finish the step in hand and `stop` (never inside a "
        "supervised pair), or `finish` the plan.",
    )
    must_fit: Literal["p50", "p95"] = Field(
        "p50",
        description="A plan is refused where its critical path is longer than the window is still open: at the median, "
        "or already if every step is slow. With `p50` the other one is a warning.",
    )
    override_roles: tuple[Role, ...] = Field(
        (),
        description="Roles that may apply a plan outside of every window, with a reason; anybody, if empty. An "
        "unplanned scenario needs no role: its plan asks two people.",
        examples=[["change-manager"]],
    )


RoleCounts = dict[Role, Annotated[int, Field(ge=1, le=10)]]
"""How many people of each role."""


class Approvals(Part):
    """How many people must approve a plan before it is applied; never who made the change, and nobody twice."""

    required: int = Field(1, description="Number of approvals, each by another person.", ge=0, le=10)
    roles: RoleCounts = Field(
        default_factory=dict,
        description="How many of them, at least, by people of which role; each approves in one.",
        examples=[{"change-manager": 1}],
    )
    valid_for: Duration | None = Field(
        None, description="Longest time that an approval may last; `3d` if nobody says it.", examples=["24h"]
    )
    override_roles: tuple[Role, ...] = Field(
        (),
        description="Roles that may run a plan without its approvals, with a reason that is recorded; nobody, if "
        "empty. A plan of an unplanned scenario asks two people itself, and takes a reason only.",
        examples=[["change-board"]],
    )


class Estimate(Part):
    """How long a step takes here, when it differs from the catalogue."""

    p50: Duration = Field(description="Half of the runs take no longer.", examples=["5m"])
    p95: Duration = Field(description="Nineteen of twenty runs take no longer.", examples=["15m"])
