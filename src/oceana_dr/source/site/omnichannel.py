"""The Omnichannel Database: its Caché mirror, TLS, drives, the ISCAgent, the portal's account.

In: the mapping `mirror`. Out: frozen models with the values that the manual prints as defaults.
A model must never hold a member's role, nor a password: those are derived, and references.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from oceana_dr.source.site.types import (
    DistinguishedName,
    Drive,
    MirrorName,
    Part,
    Port,
    SecretRef,
    Text,
    Version,
    WindowsPath,
    Word,
)

FailureAction = Literal["Restart the Service", "Take No Action"]


class TlsFiles(Part):
    """Certificates of the mirror, as files on each Omnichannel Database server (manual, lines 830-839)."""

    ca: WindowsPath = Field(
        description="File with the trusted certificate authority.", examples=[r"D:\Certificates\ca.pem"]
    )
    certificate: WindowsPath = Field(
        description="File with this server's certificate.", examples=[r"D:\Certificates\mirror.pem"]
    )
    private_key: WindowsPath = Field(
        description="File with this server's private key.", examples=[r"D:\Certificates\mirror.key"]
    )
    private_key_type: Literal["RSA", "DSA"] = Field("RSA", description="Type of the private key (manual, line 834).")
    private_key_password: SecretRef | None = Field(
        None,
        description="Reference to the private key's password (manual, lines 835-837).",
        examples=["env:MIRROR_KEY_PASSWORD"],
    )
    protocols: tuple[Literal["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"], ...] = Field(
        ("TLSv1.2",), description="Protocols that are allowed (manual, line 838).", min_length=1
    )


class IscAgent(Part):
    """The Windows service ISCAgent of each member (manual, lines 696-710, 754-768)."""

    startup_type: Literal["Automatic", "Manual", "Disabled"] = Field("Automatic", description="Startup type.")
    first_failure: FailureAction = Field("Restart the Service", description="Recovery: First failure.")
    second_failure: FailureAction = Field("Restart the Service", description="Recovery: Second failure.")
    subsequent_failures: FailureAction = Field("Restart the Service", description="Recovery: Subsequent failures.")
    reset_fail_count_after: int = Field(
        120, description="Recovery: Reset fail count after, in days as the dialog counts (manual, line 706).", ge=0
    )
    restart_service_after: int = Field(
        0, description="Recovery: Restart service after, in minutes (manual, line 707).", ge=0
    )


class AuthorizedAsync(Part):
    """The async member as the Mirror Monitor of the failover members authorizes it (manual, lines 909-915, 931-933)."""

    name: Text = Field(
        description="Mirror name of the async member, as Edit Async on Server C shows it.",
        examples=["OCDB-C/CCDSINSTANCE"],
    )
    distinguished_name: DistinguishedName = Field(
        description="X.509 distinguished name of the async member, as Edit Async on Server C shows it.",
        examples=["CN=ocdb-c.globex.example,O=Globex"],
    )


class CachePortal(Part):
    """The account with which people log in to the Cache Management Portal (manual, lines 690-693)."""

    port: Port = Field(57772, description="Port of the Cache Management Portal (manual, line 686).")
    user: Text | None = Field(None, description="User Name.", examples=["dr-operator"])
    password: SecretRef | None = Field(
        None, description="Reference to that user's password.", examples=["env:CACHE_PORTAL_PASSWORD"]
    )


class Mirror(Part):
    """The Caché mirror of the Omnichannel Database."""

    name: MirrorName = Field(
        "AOCMIRROR",
        description="Mirror name, the same on every member (manual, line 712); Caché takes at most 15 letters and "
        "digits, and makes capitals of them.",
    )
    tls: bool = Field(False, description="Whether the mirror's traffic is encrypted (Use SSL/TLS; manual, line 713).")
    arbiter: bool = Field(False, description="Use Arbiter; cleared in this solution (manual, line 716).")
    virtual_ip: bool = Field(False, description="Use Virtual IP; cleared in this solution (manual, line 717).")
    port: Port = Field(2188, description="Port of the ISCAgent (manual, line 718).")
    instance: Word = Field("CCDSINSTANCE", description="Caché instance name on the failover system (manual, line 772).")
    databases: tuple[Word, ...] = Field(
        ("MULTIMEDIA_DATA", "COBROWSE_DATA"),
        description="Databases that are mirrored (manual, line 723).",
        min_length=1,
    )
    omnichannel_version: Version | None = Field(
        None,
        description="Version of the Omnichannel Database software that every member is to run; another one is upgraded "
        "(manual, lines 2217-2235). Absent: whatever runs is right.",
        examples=["3.5.0.2"],
    )
    install_dir: WindowsPath = Field(
        r"D:\Avaya", description="Installation folder of the Omnichannel Database; its drive is the software drive."
    )
    database_drive: Drive = Field("E", description="Drive that holds the database (manual, line 796).")
    journal_drive: Drive | None = Field(
        None, description="Drive that holds the journals (manual, line 729).", examples=["F"]
    )
    multimedia_drive: Drive | None = Field(
        None, description="Multimedia drive; that of the database, if absent (manual, line 729).", examples=["G"]
    )
    agent: IscAgent = Field(default_factory=IscAgent, description="The ISCAgent service of each member.")
    tls_files: TlsFiles | None = Field(None, description="Certificate files; needed when `tls` is true.")
    authorized_async: AuthorizedAsync | None = Field(
        None, description="The async member that Data Center 1's servers authorize; needed when `tls` is true."
    )
    portal: CachePortal = Field(default_factory=CachePortal, description="Cache Management Portal.")
