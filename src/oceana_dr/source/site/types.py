"""The small types of the site language: names, addresses, durations, references.

In: text as written. Out: the same text, known to have its form; nothing is coerced or completed.
Each is a pattern that JSON Schema and pydantic share, so that an editor and `validate` agree;
`FORMS` says what each pattern is in words. A pattern must stay within what both engines read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_OCTET: Final = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_PORT: Final = r"(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"

NAME_PATTERN: Final = r"^[a-z][a-z0-9-]{0,62}$"
FQDN_PATTERN: Final = rf"^({_LABEL}\.)+[A-Za-z]([A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?$"
IPV4_PATTERN: Final = rf"^({_OCTET}\.){{3}}{_OCTET}$"
DURATION_PATTERN: Final = r"^([1-9][0-9]{0,5}[dhms])+$"
SECRET_PATTERN: Final = r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*|command:\S.*)$"  # noqa: S105 - the form of a reference
ZONE_PATTERN: Final = r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"
DRIVE_PATTERN: Final = r"^[A-Z]$"
WINDOWS_PATTERN: Final = r"^[A-Za-z]:\\[^<>:|?*\x22\x00-\x1f\x7f]*$"
URL_PATTERN: Final = rf"^https?://[A-Za-z0-9.-]+(:{_PORT})?(/[^\s\x00-\x1f\x7f]*)?$"
ENDPOINT_PATTERN: Final = rf"{URL_PATTERN}|^lab$"
LOCAL_TIME_PATTERN: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"
RECURRENCE_PATTERN: Final = r"^FREQ=[A-Z]+(;[A-Z]+=[A-Z0-9,+-]+)*$"
PHONE_PATTERN: Final = r"^\+?[0-9][0-9 ()./-]{2,30}$"
MAIL_PATTERN: Final = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
DIRECTORY_PATTERN: Final = r"^/[^\x00-\x1f\x7f]*$"
GEO_PATTERN: Final = r"^GEO[^\x00-\x1f\x7f]*$"
PREFIX_PATTERN: Final = r"^(dc1|dc2|shared)(/[^\s/#]+)*$"
STEP_PATTERN: Final = r"^([A-Z][0-9]{2}[a-z]?|dns(-[a-z]+)+)(\.[a-z0-9-]+)*$"
WORD_PATTERN: Final = r"^[A-Za-z_][A-Za-z0-9_$#-]*$"
DRIVER_PATTERN: Final = r"^[a-z][a-z0-9]{0,39}(-[a-z0-9]{1,40}){0,4}$"
ROLE_PATTERN: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
MIRROR_PATTERN: Final = r"^[A-Z0-9]{1,15}$"
RULE_PATTERN: Final = r"^([oO][dD][0-9]{4}|[a-z][a-z0-9]*(-[a-z0-9]+)*)$"
TEXT_PATTERN: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*$"
REASON_PATTERN: Final = r"\S"
NAME_SERVER_PATTERN: Final = rf"^({_OCTET}\.){{3}}{_OCTET}(:{_PORT})?$"
KEY_NAME_PATTERN: Final = rf"^{_LABEL}(\.{_LABEL})*$"
HOST_PATTERN: Final = rf"{FQDN_PATTERN}|{IPV4_PATTERN}"
NETWORK_PATTERN: Final = rf"^({_OCTET}\.){{3}}{_OCTET}/(3[0-2]|[12]?[0-9])$"
EXTENSION_PATTERN: Final = r"^[0-9]{3,16}$"
VERSION_PATTERN: Final = r"^[0-9]+(\.[0-9]+)*([._+-][A-Za-z0-9]+)*$"
DIGEST_PATTERN: Final = r"^sha256:[0-9a-f]{64}$"
DISTINGUISHED_PATTERN: Final = r"^[A-Za-z][A-Za-z0-9.]*=[^,=]+(,\s*[A-Za-z][A-Za-z0-9.]*=[^,=]+)*$"


@dataclass(frozen=True, slots=True)
class SecretMark:
    """Marks a type whose values must never be shown when they are wrong."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a pattern is in words: the diagnostic's code, a noun, an example."""

    code: str
    noun: str
    example: str


FORMS: Final[dict[str, Form]] = {
    FQDN_PATTERN: Form("OD1105", "a fully qualified domain name", "aoc1.dc1.acme.example"),
    IPV4_PATTERN: Form("OD1106", "an IPv4 address", "10.11.0.10"),
    DURATION_PATTERN: Form("OD1108", "a duration", "4h, 90m or 1h30m"),
    ZONE_PATTERN: Form("OD1109", "an IANA time zone", "Europe/Berlin"),
    RECURRENCE_PATTERN: Form("OD1110", "an RFC 5545 recurrence", "FREQ=WEEKLY;BYDAY=SU"),
    URL_PATTERN: Form("OD1111", "an http or https address", "https://acm1.acme.example"),
    ENDPOINT_PATTERN: Form("OD1111", "`lab`, or an http or https address", "https://gateway.acme.example"),
    DRIVE_PATTERN: Form("OD1112", "a Windows drive letter", "E"),
    WINDOWS_PATTERN: Form("OD1112", "a Windows path with its drive", r"D:\Avaya"),
    NAME_PATTERN: Form("OD1114", "a site's name: lower-case letters, digits and hyphens", "acme"),
    LOCAL_TIME_PATTERN: Form("OD1115", "a local date and time", "2026-01-04T02:00"),
    PHONE_PATTERN: Form("OD1116", "a telephone number", '"+49 69 5550100"'),
    MAIL_PATTERN: Form("OD1116", "a mail address", "hello@acme.example"),
    DIRECTORY_PATTERN: Form("OD1116", "an absolute path on the backup server", "/srv/backup/acme"),
    GEO_PATTERN: Form("OD1116", "a GEO attribute: its name begins with GEO", "GEO: Enable"),
    PREFIX_PATTERN: Form("OD1116", "an address or the beginning of one", "dc1/smgr"),
    STEP_PATTERN: Form("OD1116", "a step's id", "P23"),
    WORD_PATTERN: Form("OD1116", "a single word", "orcl_stby"),
    MIRROR_PATTERN: Form("OD1116", "a mirror's name: at most 15 capital letters and digits", "AOCMIRROR"),
    DRIVER_PATTERN: Form("OD1116", "the name of a driver", "operator"),
    ROLE_PATTERN: Form("OD1116", "a role: lower-case letters, digits and hyphens", "change-manager"),
    RULE_PATTERN: Form("OD1116", "the code or the id of a rule", "dns-effect-delay"),
    TEXT_PATTERN: Form("OD1116", "a text on one line, without control characters", "Frankfurt am Main"),
    REASON_PATTERN: Form("OD1116", "a reason in words", "the names live at a partner, who moves them by hand"),
    NAME_SERVER_PATTERN: Form("OD1106", "an IPv4 address, with a port if it is not 53", "10.21.0.53"),
    KEY_NAME_PATTERN: Form("OD1116", "the name of a TSIG key", "oceana-dr.globex.example"),
    HOST_PATTERN: Form("OD1105", "a fully qualified domain name or an IPv4 address", "backup.acme.example"),
    NETWORK_PATTERN: Form("OD1116", "an IPv4 network", "192.0.2.0/24"),
    EXTENSION_PATTERN: Form("OD1116", "an extension, in quotes", '"7100"'),
    VERSION_PATTERN: Form("OD1116", "a version", "3.5.0.1.350"),
    DIGEST_PATTERN: Form("OD1116", "a SHA-256 digest", "sha256: and 64 digits from 0 to f"),
    DISTINGUISHED_PATTERN: Form("OD1116", "a distinguished name", "CN=ocdb-c.globex.example,O=Globex"),
    SECRET_PATTERN: Form("OD1141", "a reference to a secret", "env:NAME, file:PATH or command:…"),
}

Fqdn = Annotated[str, StringConstraints(pattern=FQDN_PATTERN, max_length=253)]
IPv4 = Annotated[str, StringConstraints(pattern=IPV4_PATTERN)]
Port = Annotated[int, Field(ge=1, le=65535)]
Duration = Annotated[str, StringConstraints(pattern=DURATION_PATTERN)]
SecretRef = Annotated[str, StringConstraints(pattern=SECRET_PATTERN), SecretMark()]
TimeZone = Annotated[str, StringConstraints(pattern=ZONE_PATTERN)]
Drive = Annotated[str, StringConstraints(pattern=DRIVE_PATTERN)]
WindowsPath = Annotated[str, StringConstraints(pattern=WINDOWS_PATTERN)]
Url = Annotated[str, StringConstraints(pattern=URL_PATTERN)]
LocalTime = Annotated[str, StringConstraints(pattern=LOCAL_TIME_PATTERN)]
Recurrence = Annotated[str, StringConstraints(pattern=RECURRENCE_PATTERN)]
Phone = Annotated[str, StringConstraints(pattern=PHONE_PATTERN)]
Mail = Annotated[str, StringConstraints(pattern=MAIL_PATTERN)]
Directory = Annotated[str, StringConstraints(pattern=DIRECTORY_PATTERN)]
GeoName = Annotated[str, StringConstraints(pattern=GEO_PATTERN)]
AddressPrefix = Annotated[str, StringConstraints(pattern=PREFIX_PATTERN)]
MirrorName = Annotated[str, StringConstraints(pattern=MIRROR_PATTERN)]
StepId = Annotated[str, StringConstraints(pattern=STEP_PATTERN)]
Word = Annotated[str, StringConstraints(pattern=WORD_PATTERN)]
HostName = Annotated[str, StringConstraints(pattern=HOST_PATTERN, max_length=253)]
NameServer = Annotated[str, StringConstraints(pattern=NAME_SERVER_PATTERN)]
KeyName = Annotated[str, StringConstraints(pattern=KEY_NAME_PATTERN, max_length=253)]
Network = Annotated[str, StringConstraints(pattern=NETWORK_PATTERN)]
Extension = Annotated[str, StringConstraints(pattern=EXTENSION_PATTERN)]
Version = Annotated[str, StringConstraints(pattern=VERSION_PATTERN, max_length=100)]
Digest = Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
DistinguishedName = Annotated[str, StringConstraints(pattern=DISTINGUISHED_PATTERN, max_length=500)]
Text = Annotated[str, StringConstraints(pattern=TEXT_PATTERN, min_length=1, max_length=200)]

DriverName = Annotated[str, StringConstraints(pattern=DRIVER_PATTERN)]
Role = Annotated[str, StringConstraints(pattern=ROLE_PATTERN)]

Side = Literal["dc1", "dc2"]
ScenarioName = Literal[
    "initial-deployment",
    "planned-switchover",
    "unplanned-outage",
    "oceana-outage",
    "cm-outage",
    "split-wan",
    "recovery",
    "database-upgrade",
    "steady",
]
ChannelState = Literal["open", "draining"]


class Part(BaseModel):
    """Base of every model: unknown keys refused, nothing coerced, frozen, built only when first used."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        defer_build=True,
        serialize_by_alias=True,
        validate_by_alias=True,
        validate_by_name=False,
    )
