"""The systems of one data centre: management, clusters, databases, telephony.

In: the mapping below `data_centers.dc1` or `.dc2`. Out: frozen models.
The two sides differ where the manual says so: HA and the Communication Manager are Data Center 1's,
the async database server and the ESS are Data Center 2's. A model must never know which side is operational.
"""

from __future__ import annotations

from pydantic import Field

from oceana_dr.source.site.snap_ins import ContextStoreSide, Workflow
from oceana_dr.source.site.telephony import Addressed, ApplicationEnablement, Ess
from oceana_dr.source.site.types import Fqdn, IPv4, Network, Part, Text, Url, Version, Word


class Host(Part):
    """A server: its name and its address."""

    fqdn: Fqdn = Field(description="Fully qualified domain name of the server.", examples=["breeze11.dc1.acme.example"])
    address: IPv4 = Field(description="IPv4 address of the server.", examples=["10.11.1.11"])


class SystemManager(Host):
    """Avaya Aura System Manager of one data centre."""

    ldap_trust_certificates: tuple[Text, ...] | None = Field(
        None,
        description="Trust certificates of this System Manager for the LDAP provider, where they differ from the "
        "common `ldap_trust_certificates`.",
        examples=[["corporate-ldap-ca"]],
    )


class Cluster(Part):
    """An Avaya Breeze cluster: the name and address that stand for it, and its nodes."""

    fqdn: Fqdn = Field(
        description="Name of the cluster, as consoles and the Windows hosts file use it; never the name of one of "
        "its nodes (manual, lines 998-1000).",
        examples=["aoc1.dc1.acme.example"],
    )
    address: IPv4 = Field(description="Cluster IP address.", examples=["10.11.1.10"])
    nodes: tuple[Host, ...] = Field(description="The Breeze nodes of the cluster.", min_length=1)


class Clusters(Part):
    """The Breeze clusters of a data centre."""

    cluster1: Cluster = Field(description="Avaya Oceana Cluster 1: UCA, UCM, Context Store, Engagement Designer.")
    cluster2: Cluster = Field(description="Avaya Oceana Cluster 2.")
    cluster3: Cluster = Field(description="Avaya Oceana Cluster 3: mail, SMS and social connectors.")
    mobile_communications: Cluster | None = Field(
        None, description="AvayaMobileCommunications cluster; only with Web Voice and Web Video."
    )


class ControlManagerServers(Part):
    """Avaya Control Manager of one data centre."""

    url: Url = Field(description="Address of the Control Manager portal.", examples=["https://acm1.acme.example"])
    application_server: Fqdn = Field(
        description="Control Manager application server (ACM-APP-1 or ACM-APP-2; manual, line 1687).",
        examples=["acm-app-1.acme.example"],
    )
    sql_server: Fqdn = Field(
        description="Control Manager SQL server (manual, lines 1673-1677).", examples=["acm-sql-1.acme.example"]
    )


class PublicAddresses(Part):
    """Public addresses of the Web Voice solution in the demilitarised zone of one data centre."""

    authorization_token: IPv4 = Field(
        description="Public address of the authorization token service (manual, lines 335-346).",
        examples=["192.0.2.10"],
    )
    web_gateway: IPv4 = Field(
        description="Public address of Avaya Aura Web Gateway (manual, lines 335-346).", examples=["192.0.2.11"]
    )
    mobile_communications: IPv4 = Field(
        description="Public address of the AvayaMobileCommunications cluster (manual, lines 335-346).",
        examples=["192.0.2.12"],
    )


class DemilitarizedZone(Part):
    """The perimeter network of one data centre, which exposes its public addresses."""

    name: Text = Field(
        description="Name of the zone; each data centre has its own (manual, line 333).", examples=["dmz-london"]
    )
    network: Network | None = Field(
        None, description="Network that the public addresses lie in (manual, line 335).", examples=["192.0.2.0/24"]
    )


class Analytics(Part):
    """Avaya Analytics' Oracle database in one data centre, under Data Guard."""

    database: Word = Field(
        description="Database name in the Data Guard configuration (manual, line 1337).", examples=["orcl", "orcl_stby"]
    )
    host: Fqdn = Field(description="Server of the Oracle database.", examples=["ora1.globex.example"])


class Workspaces(Part):
    """Avaya Workspaces, the agents' desktop, of one data centre."""

    url: Url = Field(
        description="Address with which agents log in while this data centre takes contacts (manual, lines 1744-1746).",
        examples=["https://aoc1.dc1.acme.example/services/UnifiedAgentController/workspaces/"],
    )


class OmnichannelDc1(Part):
    """Omnichannel Database servers of Data Center 1: one, or a pair (High Availability)."""

    active: Host = Field(description="Server A, the active Omnichannel Database server.")
    standby: Host | None = Field(None, description="Server B, the standby of a High Availability pair.")


class OmnichannelDc2(Part):
    """Omnichannel Database server of Data Center 2."""

    async_: Host = Field(alias="async", description="Server C, the asynchronous mirror member.")


class DataCenter(Part):
    """What both data centres have."""

    name: Text = Field(description="Name of the data centre for people.", examples=["Frankfurt"])
    system_manager: SystemManager = Field(description="Avaya Aura System Manager.")
    clusters: Clusters = Field(description="Avaya Breeze clusters.")
    control_manager: ControlManagerServers = Field(description="Avaya Control Manager servers.")
    application_enablement: ApplicationEnablement = Field(
        description="Avaya Aura Application Enablement Services (AES)."
    )
    public_addresses: PublicAddresses | None = Field(
        None, description="Public addresses; only with Web Voice and Web Video."
    )
    analytics: Analytics | None = Field(None, description="Avaya Analytics' Oracle database; in both or in neither.")
    workspaces: Workspaces = Field(description="Avaya Workspaces.")
    demilitarized_zone: DemilitarizedZone | None = Field(
        None, description="Demilitarised zone; only with Web Voice and Web Video."
    )
    context_store: ContextStoreSide = Field(
        default_factory=ContextStoreSide, description="What Context Store has in this data centre alone."
    )
    workflows: dict[Word, Workflow] = Field(
        default_factory=dict,
        description="Workflows of this data centre, where they differ from the common `workflows`.",
    )
    services: dict[Text, Version] = Field(
        default_factory=dict,
        description="Snap-in services of this data centre, where they differ from the common `services`.",
    )


class DataCenter1(DataCenter):
    """Data Center 1, the primary one."""

    omnichannel: OmnichannelDc1 = Field(description="Omnichannel Database servers (A, and B with HA).")
    communication_manager: Addressed = Field(description="Avaya Aura Communication Manager.")


class DataCenter2(DataCenter):
    """Data Center 2, the disaster recovery site."""

    omnichannel: OmnichannelDc2 = Field(description="Omnichannel Database server (C).")
    ess: Ess = Field(description="Enterprise Survivable Server, which takes over from Communication Manager.")


class DataCenters(Part):
    """Exactly two data centres: Oceana supports a single disaster recovery site (manual, line 2290)."""

    dc1: DataCenter1 = Field(description="Data Center 1 of the manual, whichever takes contacts.")
    dc2: DataCenter2 = Field(description="Data Center 2 of the manual, the disaster recovery site.")
