"""What both data centres share: channels, names, Control Manager, Experience Portal.

In: the mappings at the top of a site file. Out: frozen models with the defaults the manual implies.
A secret is a reference; a model must never hold its value.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from oceana_dr.source.site.types import ChannelState, Fqdn, IPv4, Part, Text, Url


class Channels(Part):
    """Each channel: `open`, or `draining` (the manual's maintenance mode: no new contacts)."""

    voice: ChannelState = Field("open", description="Voice, through Avaya Aura Experience Portal.")
    email: ChannelState = Field("open", description="E-mail (EmailService).")
    chat: ChannelState = Field("open", description="Web chat (workflow Chat).")
    sms: ChannelState = Field("open", description="SMS (WebTextConnector).")
    social: ChannelState = Field("open", description="Social media (SocialConnector).")
    web_voice: ChannelState | None = Field(None, description="Web Voice (workflow Web Voice); only with Web Voice.")
    web_video: ChannelState | None = Field(None, description="Web Video (workflow Web Video); only with Web Voice.")


class ControlManager(Part):
    """How Avaya Control Manager follows a switchover."""

    switchover: Literal["automatic", "manual"] = Field(
        "automatic",
        description="`automatic`: its high-availability service re-points the databases; `manual`: people edit "
        "Nav360Config.xml (the workaround of the manual, lines 1679-1694).",
    )
    high_availability: bool = Field(
        True, description="Whether Control Manager is installed for high availability (manual, line 617)."
    )


class DnsNames(Part):
    """The three names that Web Voice clients use."""

    authorization_token: Fqdn = Field(
        description="Name of the authorization token service (manual, line 344).", examples=["token.globex.example"]
    )
    web_gateway: Fqdn = Field(
        description="Name of Avaya Aura Web Gateway (manual, line 345).", examples=["aawg.globex.example"]
    )
    mobile_communications: Fqdn = Field(
        description="Name of the AvayaMobileCommunications cluster (manual, line 346).", examples=["amc.globex.example"]
    )


class Dns(Part):
    """Public names that follow the operational data centre."""

    zone: Fqdn = Field(description="Zone that holds the names.", examples=["globex.example"])
    ttl: int = Field(description="Steady time to live of the names, in seconds.", examples=[3600], ge=1, le=604800)
    switchover_ttl: int = Field(
        description="Time to live during a switchover, in seconds.", examples=[60], ge=1, le=604800
    )
    names: DnsNames = Field(description="The names.")
    servers: tuple[IPv4, ...] = Field(
        (),
        description="Authoritative servers, named in the scripts for people; the driver `dns` has them in "
        "oceana-dr.yaml.",
        examples=[["10.21.0.53"]],
    )


class SideNames(Part):
    """The literal that a console shows for each data centre."""

    dc1: Text = Field(description="Literal for Data Center 1.", examples=["DataCenter1"])
    dc2: Text = Field(description="Literal for Data Center 2.", examples=["DataCenter2"])


class VoiceFlag(Part):
    """The application variable with which Experience Portal turns callers away."""

    variable: Text = Field("VoiceMaintenance", description="Name of the configurable application variable.")
    normal: Text = Field("false", description="Its value while voice is open.")
    closed: Text = Field("true", description="Its value while voice is draining.")


class ExperiencePortal(Part):
    """Avaya Aura Experience Portal, which serves both data centres."""

    url: Url = Field(description="Address of the Experience Portal Manager.", examples=["https://epm.acme.example"])
    application: Text = Field(
        description="Application that receives Oceana's calls (manual, line 1086).", examples=["OceanaVoice"]
    )
    active_data_center: SideNames = Field(
        default_factory=lambda: SideNames(dc1="DataCenter1", dc2="DataCenter2"),
        description="Literals of the field Active Data Center.",
    )
    voice_flag: VoiceFlag = Field(default_factory=VoiceFlag, description="The flag at the start of the workflow.")
