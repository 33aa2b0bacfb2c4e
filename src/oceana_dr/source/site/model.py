"""The whole site file.

In: merged plain data. Out: a frozen `Site`; `Site.model_validate` raises pydantic's errors.
It must never hold cross-references between keys: those are `checks/`, which run on broken files too.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from oceana_dr.source.site.backup import Backup
from oceana_dr.source.site.data_center import DataCenters
from oceana_dr.source.site.governance import Approvals, ChangeControl, ChangeWindow, Estimate, Verification
from oceana_dr.source.site.limits import Limits
from oceana_dr.source.site.omnichannel import Mirror
from oceana_dr.source.site.shared import Channels, ControlManager, Dns, ExperiencePortal
from oceana_dr.source.site.silences import Silence
from oceana_dr.source.site.snap_ins import ContextStore, Workflow
from oceana_dr.source.site.surroundings import Oracle, Outbound, Recovery, Wan, WebRtc
from oceana_dr.source.site.telephony import VoiceFallback
from oceana_dr.source.site.types import (
    NAME_PATTERN,
    AddressPrefix,
    DriverName,
    Fqdn,
    Part,
    Side,
    StepId,
    Text,
    TimeZone,
    Version,
    Word,
)

OWN_KEYS = ("name", "operational")
"""What every site says of itself, and no default may say for it."""


class Site(Part):
    """A contact centre in two data centres: one `site.yaml`, with `sites/defaults.yaml` under it."""

    schema_: Literal["oceana-dr/site/v1"] = Field(alias="schema", description="Version of this file's format.")
    name: Annotated[str, StringConstraints(pattern=NAME_PATTERN)] = Field(
        description="Name of the site; the same as its folder's.", examples=["acme"]
    )
    release: Literal["3.5"] = Field(description="Release of Avaya Oceana, in quotes.")
    operational: Side = Field(description="The data centre that takes contacts. Changing it is a switchover.")
    time_zone: TimeZone = Field("UTC", description="IANA time zone in which people read times.")
    channels: Channels = Field(default_factory=Channels, description="State of each channel on the operational side.")
    data_centers: DataCenters = Field(description="The two data centres.")
    mirror: Mirror = Field(default_factory=Mirror, description="Caché mirror that holds the Omnichannel Database.")
    control_manager: ControlManager = Field(default_factory=ControlManager, description="Avaya Control Manager.")
    dns: Dns | None = Field(None, description="Public names; only with Web Voice and Web Video.")
    experience_portal: ExperiencePortal = Field(description="Avaya Aura Experience Portal.")
    context_store: ContextStore = Field(description="Avaya Context Store.")
    workflows: dict[Word, Workflow] = Field(
        default_factory=dict,
        description="Engagement Designer workflows by name: `chat`, `web_voice`, `web_video`, and custom ones. One "
        "that is updated in Data Center 1 is exported and imported in Data Center 2 (manual, lines 619-660).",
        examples=[{"chat": {"release": "12"}}],
    )
    ldap_trust_certificates: tuple[Text, ...] = Field(
        (),
        description="Trust certificates that are set up between both System Managers and the LDAP provider (manual, "
        "lines 354-356, 469-471).",
        examples=[["corporate-ldap-ca"]],
    )
    services: dict[Text, Version] = Field(
        default_factory=dict,
        description="Snap-in services that are installed, with their versions; the same in both data centres "
        "(manual, lines 479-481).",
        examples=[{"UCAStoreService": "3.5.0.1.350"}],
    )
    backup: Backup = Field(description="Backups of the cluster databases.")
    voice_fallback: VoiceFallback | None = Field(
        None,
        description="Additional VDNs, vectors and skills for the time in which Oceana takes no calls (manual, lines "
        "459-461).",
    )
    oracle: Oracle = Field(default_factory=Oracle, description="Oracle Data Guard; only with Analytics.")
    wan: Wan | None = Field(None, description="The link between the data centres.")
    web_rtc: WebRtc = Field(default_factory=WebRtc, description="WebRTC agents and clients of Web Voice and Web Video.")
    outbound: Outbound | None = Field(None, description="Outbound campaigns, which no disaster recovery covers.")
    recovery: Recovery | None = Field(None, description="The return to Data Center 1.")
    workstations: tuple[Fqdn, ...] = Field(
        (),
        description="Administrators' Windows workstations, with the hosts entries and the bookmarks of both data "
        "centres (manual, lines 373-375, 649-651).",
        examples=[["admin1.acme.example"]],
    )
    verification: Verification = Field(default_factory=Verification, description="How to test each channel.")
    change_windows: tuple[ChangeWindow, ...] = Field((), description="When plans may be applied; always, if empty.")
    change_control: ChangeControl = Field(
        default_factory=ChangeControl, description="How strictly change windows are taken."
    )
    limits: Limits = Field(default_factory=Limits, description="How much one plan may change.")
    approvals: Approvals = Field(default_factory=Approvals, description="Approvals that a plan needs.")
    drivers: dict[AddressPrefix, DriverName] = Field(
        default_factory=dict,
        description="Driver by address or beginning of one; the longest match counts. Others follow `oceana-dr.yaml`.",
        examples=[{"dc1/cm": "operator"}],
    )
    estimates: dict[StepId, Estimate] = Field(
        default_factory=dict, description="Durations by step id, where they differ from the catalogue's."
    )
    silences: tuple[Silence, ...] = Field(
        (), description="Domain rules that are not to be reported for this site, each with the reason."
    )
