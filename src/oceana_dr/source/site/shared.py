"""What both data centres share: channels, mirror, names, Experience Portal, Context Store, backup.

In: the mappings at the top of a site file. Out: frozen models with the defaults the manual implies.
A secret is a reference; a model must never hold its value.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from oceana_dr.source.site.types import (
    ChannelState,
    Directory,
    Drive,
    Fqdn,
    GeoName,
    IPv4,
    Part,
    Port,
    SecretRef,
    Text,
    Url,
    WindowsPath,
    Word,
)


class Channels(Part):
    """Each channel: `open`, or `draining` (the manual's maintenance mode: no new contacts)."""

    voice: ChannelState = Field("open", description="Voice, through Avaya Aura Experience Portal.")
    email: ChannelState = Field("open", description="E-mail (EmailService).")
    chat: ChannelState = Field("open", description="Web chat (workflow Chat).")
    sms: ChannelState = Field("open", description="SMS (WebTextConnector).")
    social: ChannelState = Field("open", description="Social media (SocialConnector).")
    web_voice: ChannelState | None = Field(None, description="Web Voice (workflow Web Voice); only with Web Voice.")
    web_video: ChannelState | None = Field(None, description="Web Video (workflow Web Video); only with Web Voice.")


class TlsFiles(Part):
    """Certificates of the mirror, as files on each Omnichannel Database server."""

    ca: WindowsPath = Field(description="File with the trusted certificate authority.")
    certificate: WindowsPath = Field(description="File with this server's certificate.")
    private_key: WindowsPath = Field(description="File with this server's private key.")
    private_key_password: SecretRef | None = Field(None, description="Reference to the private key's password.")


class Mirror(Part):
    """The Caché mirror of the Omnichannel Database."""

    name: Word = Field("AOCMIRROR", description="Mirror name, the same on every member.")
    tls: bool = Field(False, description="Whether the mirror's traffic is encrypted (Use SSL/TLS).")
    port: Port = Field(2188, description="Port of the ISCAgent.")
    instance: Word = Field("CCDSINSTANCE", description="Caché instance name on the failover system.")
    databases: tuple[Word, ...] = Field(
        ("MULTIMEDIA_DATA", "COBROWSE_DATA"), description="Databases that are mirrored.", min_length=1
    )
    install_dir: WindowsPath = Field(r"D:\Avaya", description="Installation folder of the Omnichannel Database.")
    database_drive: Drive = Field("E", description="Drive that holds the database.")
    tls_files: TlsFiles | None = Field(None, description="Certificate files; needed when `tls` is true.")


class ControlManager(Part):
    """How Avaya Control Manager follows a switchover."""

    switchover: Literal["automatic", "manual"] = Field(
        "automatic",
        description="`automatic`: its high-availability service re-points the databases; `manual`: people edit "
        "Nav360Config.xml (the workaround of the manual).",
    )


class DnsNames(Part):
    """The three names that Web Voice clients use."""

    authorization_token: Fqdn = Field(description="Name of the authorization token service.")
    web_gateway: Fqdn = Field(description="Name of Avaya Aura Web Gateway.")
    mobile_communications: Fqdn = Field(description="Name of the AvayaMobileCommunications cluster.")


class Dns(Part):
    """Public names that follow the operational data centre."""

    zone: Fqdn = Field(description="Zone that holds the names.", examples=["globex.example"])
    ttl: int = Field(description="Steady time to live of the names, in seconds.", ge=1, le=604800)
    switchover_ttl: int = Field(description="Time to live during a switchover, in seconds.", ge=1, le=604800)
    names: DnsNames = Field(description="The names.")
    servers: tuple[IPv4, ...] = Field((), description="Authoritative servers, each asked when names are verified.")


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
    application: Text = Field(description="Application that receives Oceana's calls.")
    active_data_center: SideNames = Field(
        default_factory=lambda: SideNames(dc1="DataCenter1", dc2="DataCenter2"),
        description="Literals of the field Active Data Center.",
    )
    voice_flag: VoiceFlag = Field(default_factory=VoiceFlag, description="The flag at the start of the workflow.")


class ContextStore(Part):
    """Avaya Context Store: data grids, External Data Mart, geo-redundancy."""

    managerspace_datagrid: Text = Field(description="ContextStore ManagerSpace DataGrid Settings.", examples=["2,1"])
    space_datagrid: Text = Field(description="ContextStoreSpace DataGrid Settings.", examples=["4,1"])
    edm_mirror_container_size: Text = Field(description="EDM: Mirror Service container size.", examples=["2"])
    edm_persistence: bool = Field(description="EDM: Enable Persistence to database.")
    geo: dict[GeoName, Text] = Field(
        default_factory=dict,
        description="Attributes of geo-redundancy, passed through as they are; names begin with GEO (Avaya Context "
        "Store Snap-in Reference).",
    )


class BackupStorage(Part):
    """The server that System Manager writes cluster database backups to, over SSH."""

    host: Fqdn = Field(description="Name of the backup server.")
    login: Text = Field(description="User name on the backup server.")
    password: SecretRef = Field(description="Reference to that user's password.", examples=["env:BACKUP_PASSWORD"])
    directory: Directory = Field(description="Directory for backups.", examples=["/srv/backup/acme"])
    ssh_port: Port = Field(22, description="SSH port of the backup server.")
    retained_copies: int = Field(7, description="Copies kept for each cluster and database.", ge=1, le=1000)


class Backup(Part):
    """Backups of the cluster databases."""

    storage: BackupStorage = Field(description="Where backups go.")
    password: SecretRef = Field(description="Reference to the password that encrypts a backup.")
