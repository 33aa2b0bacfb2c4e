"""Snap-ins that a site configures: Context Store's attributes, Engagement Designer's workflows.

In: the mappings `context_store` and `workflows`, common or of one data centre. Out: frozen models.
A model must never hold a maintenance flag's value or an address that the compiler derives.
"""

from __future__ import annotations

from pydantic import Field

from oceana_dr.source.site.types import Digest, Fqdn, GeoName, HostName, Part, Text, Version, Word


class ExternalDataMart(Part):
    """The External Data Mart (EDM), the database in which Context Store keeps contexts."""

    host: Fqdn | None = Field(None, description="Server of the database.", examples=["edm1.acme.example"])
    tables_created: bool | None = Field(
        None, description="Whether its tables were created, which comes first (manual, lines 438-440)."
    )


class ContextStoreSide(Part):
    """Context Store in one data centre, where it differs from what `context_store` says for both."""

    geo: dict[GeoName, Text] = Field(
        default_factory=dict,
        description="Attributes of geo-redundancy of this data centre, over those in `context_store.geo`; names "
        "begin with GEO (manual, line 428).",
        examples=[{"GEO: Remote cluster": "aoc1.dc2.acme.example"}],
    )
    edm: dict[Text, Text] = Field(
        default_factory=dict,
        description="Other attributes of the External Data Mart of this data centre, over those in "
        "`context_store.edm` (manual, line 449).",
    )
    keystore_certificate: Text | None = Field(
        None,
        description="Keystore certificate of this data centre; `context_store.keystore_certificate`, if absent.",
        examples=["contextstore-dc1.jks"],
    )
    external_data_mart: ExternalDataMart | None = Field(
        None, description="External Data Mart of this data centre, over `context_store.external_data_mart`."
    )


class ContextStore(Part):
    """Avaya Context Store: data grids, External Data Mart, geo-redundancy."""

    managerspace_datagrid: Text = Field(
        description="ContextStore ManagerSpace DataGrid Settings (manual, line 430).", examples=["2,1"]
    )
    space_datagrid: Text = Field(
        description="ContextStoreSpace DataGrid Settings (manual, line 431).", examples=["4,1"]
    )
    edm_mirror_container_size: Text = Field(
        description="EDM: Mirror Service container size (manual, line 432).", examples=["2"]
    )
    edm_persistence: bool = Field(description="EDM: Enable Persistence to database (manual, line 448).")
    geo: dict[GeoName, Text] = Field(
        default_factory=dict,
        description="Attributes of geo-redundancy, passed through as they are; names begin with GEO (Avaya Context "
        "Store Snap-in Reference).",
    )
    edm: dict[Text, Text] = Field(
        default_factory=dict,
        description="Other attributes of the External Data Mart, passed through as they are (manual, line 449).",
    )
    keystore_certificate: Text | None = Field(
        None,
        description="File name of the keystore certificate that was created under Certificate > Authority and lies "
        "in /opt/Avaya/dcm/gigaspace/security/ on every node of Cluster 1; replication runs over SSL only (manual, "
        "lines 408-420).",
        examples=["contextstore.jks"],
    )
    external_data_mart: ExternalDataMart | None = Field(
        None, description="External Data Mart; needed when `edm_persistence` is true."
    )


class Workflow(Part):
    """An Engagement Designer workflow; below a data centre, what differs there from the common `workflows`."""

    release: Version | None = Field(None, description="Release of the workflow.", examples=["12"])
    digest: Digest | None = Field(
        None,
        description="SHA-256 of the exported workflow; the same in both data centres (manual, line 621).",
        examples=["sha256:3c41319a2418400fc496f3a9a1e04d74be56a0fdaa27327ef3c9e6e76a331745"],
    )
    properties: dict[Word, Text] | None = Field(
        None,
        description="Properties that the workflow was created with, and their first values (manual, lines 653-657). "
        "MaintenanceMode: false, if absent. The value now is derived from `channels` and `operational`.",
        examples=[{"MaintenanceMode": "false"}],
    )
    exclusive_gateway: bool | None = Field(
        None,
        description="Whether an Exclusive Gateway node follows the Start node, which reads MaintenanceMode (manual, "
        "lines 658-660). It does, if absent.",
    )
    variables: dict[Word, HostName] = Field(
        default_factory=dict,
        description="Addresses of this data centre that the workflow exposes as variables (manual, lines 627-629); "
        "not OmniChannelDataServiceIP, which is derived.",
        examples=[{"CrmServiceIP": "10.11.7.10"}],
    )
    literal_addresses: tuple[HostName, ...] = Field(
        (),
        description="Addresses that stand in the flow itself; there should be none (manual, lines 627-629).",
        examples=[[]],
    )
