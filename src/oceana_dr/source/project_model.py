"""What may stand in `oceana-dr.yaml`, as pydantic models.

In: plain data. Out: a frozen `ProjectFile`, or pydantic's errors.
It must never hold what belongs to one site, nor a secret's value.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from oceana_dr.source.site.governance import Freeze
from oceana_dr.source.site.limits import LimitSet
from oceana_dr.source.site.types import ENDPOINT_PATTERN, Duration, Part, Role, SecretRef, Text

Names = Annotated[tuple[Text, ...], Field(min_length=1)]
"""People, by the names under which they run plans; a role that nobody has would let nobody act."""


class GatewayDriver(Part):
    """The driver for an automation gateway, or for the embedded lab."""

    endpoint: Annotated[str, StringConstraints(pattern=ENDPOINT_PATTERN)] = Field(
        "lab", description="`lab`, or the address of a gateway.", examples=["lab", "https://gateway.acme.example"]
    )
    token: SecretRef | None = Field(None, description="Reference to the gateway's token.")


class OperatorDriver(Part):
    """The driver for a person at a console; nothing to set."""


class Drivers(Part):
    """The drivers that sites may use; what may be set of others than these two is known by those."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, dict[str, Any]]

    gateway: GatewayDriver | None = Field(None, description="Automation gateway, or the lab.")
    operator: OperatorDriver | None = Field(None, description="A person at a console.")


class Lab(Part):
    """The embedded estate."""

    time_scale: int = Field(1, description="Seconds of the lab's clock for one real second.", ge=1, le=100_000)


class State(Part):
    """Where runs, locks and what was last applied are remembered."""

    backend: Literal["local", "postgres"] = Field(
        "local", description="`local`, the state folder of each machine; `postgres`, one database for a team."
    )
    url: SecretRef = Field(
        "env:OCEANA_DR_STATE_URL",
        description="Reference to the database's URL, which may hold a password.",
        examples=["env:OCEANA_DR_STATE_URL", "file:/etc/oceana-dr/state-url"],
    )


class ApprovalPolicy(Part):
    """The fewest approvals that a site may ask for."""

    required: int = Field(0, description="Minimum number of approvals.", ge=0, le=10)


class WindowPolicy(Part):
    """What a site's change windows must be like."""

    required: bool = Field(False, description="Whether every site needs at least one change window.")
    longest: Duration | None = Field(None, description="Longest window allowed.", examples=["8h"])
    freezes: tuple[Freeze, ...] = Field((), description="Times in which no plan may be applied at any site.")


class Policy(Part):
    """Minima that a site may only tighten."""

    approvals: ApprovalPolicy = Field(default_factory=ApprovalPolicy, description="Approvals.")
    change_windows: WindowPolicy = Field(default_factory=WindowPolicy, description="Change windows.")
    limits: LimitSet = Field(default_factory=LimitSet, description="How much a plan that moves nothing may change.")


class ProjectFile(Part):
    """Settings of the whole project: `oceana-dr.yaml` at its root."""

    schema_: Literal["oceana-dr/project/v1"] = Field(alias="schema", description="Version of this file's format.")
    drivers: Drivers = Field(default_factory=Drivers, description="Drivers that sites may use.")
    lab: Lab = Field(default_factory=Lab, description="The embedded estate for learning, tests and drills.")
    roles: dict[Role, Names] = Field(
        default_factory=dict,
        description="Who has which role, by the names that people run plans under.",
        examples=[{"change-manager": ["jane", "omar"]}],
    )
    state: State = Field(default_factory=State, description="Where runs, locks and the baseline are remembered.")
    policy: Policy = Field(
        default_factory=Policy, description="What the project demands of every site; a site may only tighten it."
    )
