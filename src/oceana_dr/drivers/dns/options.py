"""What may stand at `drivers.dns` in oceana-dr.yaml: zones, their views, servers and keys.

In: plain data. Out: frozen models.
A model must never hold a secret, only a reference to one, nor leave a server to be found by a resolver.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from oceana_dr.source.site.types import Fqdn, IPv4, KeyName, NameServer, Part, Role, SecretRef, Text


class KeyOptions(Part):
    """The TSIG key that signs updates."""

    name: KeyName = Field(description="Name of the key on the server.", examples=["oceana-dr"])
    algorithm: Literal["hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"] = Field(
        "hmac-sha256", description="Algorithm of the key."
    )
    secret: SecretRef = Field(
        description="Reference to the key itself, in base64 as `tsig-keygen` prints it.",
        examples=["env:OCEANA_DR_DNS_KEY", "command:pass show dns/oceana-dr"],
    )


class ViewOptions(Part):
    """The zone as some of its clients see it, on every server that tells it to them."""

    primary: NameServer = Field(
        description="The server that takes updates, hidden or not: an address, with a port if it is not 53.",
        examples=["10.21.0.53"],
    )
    servers: Annotated[dict[Fqdn, NameServer], Field(min_length=1)] = Field(
        description="Every authoritative server, by its name in the zone's NS records.",
        examples=[{"ns1.globex.example": "10.21.0.53", "ns2.globex.example": "10.22.0.53"}],
    )
    key: KeyOptions = Field(description="The key for updates.")
    view_by_key: bool = Field(
        False, description="Whether the servers tell this view by the key: questions are signed with it then."
    )
    addresses: dict[IPv4, IPv4] = Field(
        default_factory=dict,
        description="What this view has in the place of the site's addresses (split horizon).",
        examples=[{"203.0.113.11": "10.21.4.11"}],
    )
    not_asked: dict[Fqdn, Text] = Field(
        default_factory=dict,
        description="Servers of the NS records that are left out, each with the reason: nobody knows what they tell.",
        examples=[{"ns1.globex.example": "lost with Data Center 1"}],
    )


class DnsOptions(Part):
    """The driver for names in DNS (RFC 2136 with TSIG)."""

    zones: Annotated[dict[Fqdn, Annotated[dict[Role, ViewOptions], Field(min_length=1)]], Field(min_length=1)] = Field(
        description="Views by zone, each under a name of your own; a zone without split horizon has one.",
        examples=[{"globex.example": {"public": {"primary": "10.21.0.53"}}}],
    )
    answer_s: float = Field(3.0, description="Seconds that a server has for an answer.", ge=0.1, le=60.0)
    arrive_s: int = Field(
        120,
        description="Seconds that a change has to arrive on every server before it counts as in doubt.",
        ge=1,
        le=3600,
    )
