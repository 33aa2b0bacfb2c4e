"""Rules at the edges of what they say: mistakes beside the one of their folder, and what is no mistake."""

from pathlib import Path

import pytest

from oceana_dr.operations.judging import with_rules
from oceana_dr.operations.validating import check_sites
from oceana_dr.source.project import open_project
from tests.planning import copy_project, edit

DIGEST = 'digest: "sha256:3c41319a2418400fc496f3a9a1e04d74be56a0fdaa27327ef3c9e6e76a331745"'
ESS = "    ess: {address: 10.12.5.10}"
SUBJECT = "CN=ocdb-c.globex.example,O=Globex,C=GB"
STANDBY = "      standby: {fqdn: ocdb-b.globex.example, address: 10.21.4.11}      # Server B\n"
ASYNC = f"  authorized_async:\n    name: OCDB-C/CCDSINSTANCE\n    distinguished_name: {SUBJECT}\n"


def found(folder: Path, file: str, *edits: tuple[str, str]) -> list[str]:
    """`code: message` of each finding on the example after some edits of one file."""
    root = copy_project(folder)
    edit(root / "sites" / file, *edits)
    site = "globex" if file.startswith("globex") else "acme"
    return [f"{item.code}: {item.message}" for item in check_sites(with_rules(open_project(root)), [site])]


def own(workflow: str) -> tuple[str, str]:
    """Data Center 2 with a workflow of its own."""
    return ESS, f"    workflows: {{{workflow}}}\n{ESS}"


@pytest.mark.parametrize(
    ("file", "edits", "message"),
    [
        (
            "acme/site.yaml",
            [("smgr2.acme.example, address: 10.12.0.10", "&, ldap_trust_certificates: []")],
            "OD2123: the System Manager of dc2 has no trust certificate for the LDAP provider, though the site",
        ),
        (
            "acme/site.yaml",
            [("directory: /srv/backup/acme\n", "&  together: [UCAStoreService, ControlManager]\n")],
            "OD2144: OmnichannelDatabase is not backed up together with the others",
        ),
        (
            "acme/site.yaml",
            [("directory: /srv/backup/acme\n", "&  together: []\n")],
            "OD2144: ControlManager, UCAStoreService and OmnichannelDatabase are not backed up together",
        ),
        (
            "acme/site.yaml",
            [own('chat: {release: "13"}')],
            "OD2152: the workflow chat is not the same in both data centres",
        ),
        (
            "acme/site.yaml",
            [own("chat: {variables: {CrmServiceIP: 10.12.7.10}}")],
            "OD2152: the workflow chat (variable CrmServiceIP) is not the same in both data centres",
        ),
        (
            "acme/site.yaml",
            [own("crm: {variables: {CrmServiceIP: 10.12.7.10}}")],
            "OD2152: the workflow crm (variable CrmServiceIP) is not the same in both data centres",
        ),
        (
            "acme/site.yaml",
            [(ESS, '    context_store: {edm: {"EDM: Database host": edm2.acme.example}}\n' + ESS)],
            "OD2139: Context Store of one data centre alone has the attribute EDM: Database host",
        ),
        (
            "defaults.yaml",
            [(r"H:\Backup\omnichannel.cbk", r"F:\Backup\omnichannel.cbk")],
            "OD2175: the backup of the Omnichannel Database lies on drive F, beside what it is a backup of",
        ),
        (
            "globex/site.yaml",
            [(SUBJECT, "CN=ocdb-a.globex.example,O=Globex")],
            "OD2179: the servers of dc1 cannot authorize Server C: its certificate is for ocdb-a.globex.example, not",
        ),
        (
            "globex/site.yaml",
            [(SUBJECT, "O=Globex")],
            "OD2179: the servers of dc1 cannot authorize Server C: its certificate is for no CN, not for",
        ),
        (
            "globex/site.yaml",
            [(STANDBY, ""), (ASYNC, "")],
            "OD2179: the servers of dc1 cannot authorize Server C: its name is not known",
        ),
    ],
)
def test_a_rule_sees_what_its_constraint_says(
    file: str, edits: list[tuple[str, str]], message: str, tmp_path: Path
) -> None:
    told = found(tmp_path, file, *((old, new.replace("&", old)) for old, new in edits))
    assert len(told) == 1
    assert told[0].startswith(message)


@pytest.mark.parametrize(
    ("file", "edits"),
    [
        ("acme/site.yaml", [own(f"chat: {{{DIGEST}}}")]),
        ("globex/site.yaml", [(SUBJECT, "O=Globex, cn=OCDB-C")]),
        ("globex/site.yaml", [(SUBJECT, "CN=OCDB-C.globex.example")]),
        ("globex/site.yaml", [(STANDBY, "")]),
        (
            "defaults.yaml",
            [
                ('  chat: {release: "12", ' + DIGEST + "}", "  chat: {" + DIGEST + "}"),
            ],
        ),
    ],
)
def test_a_rule_is_silent_where_nothing_is_wrong(file: str, edits: list[tuple[str, str]], tmp_path: Path) -> None:
    assert found(tmp_path, file, *edits) == []
