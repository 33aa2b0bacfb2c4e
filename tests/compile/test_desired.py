"""What a site compiles to: the values of the manual, each with the line it comes from."""

import subprocess
import sys
from pathlib import Path

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.compile.bindings import FACT_PATHS
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.compile.expression import Evaluation
from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Json, Override, SecretRef
from oceana_dr.source.load import load_site
from oceana_dr.source.project import open_project
from tests.planning import ROOT, SITES, copy_project, edit, loaded


def compiled(site: str, operational: str | None = None) -> Compiled:
    return compile_site(loaded(site), load_catalogue(), operational)


ON, OFF = Override(True, "true"), Override(True, "false")


@pytest.mark.parametrize(
    ("reference", "dc1_operational", "dc2_operational"),
    [
        ("dc1/smgr/cluster3/EmailService#Deployment status of emailmanager", ON, OFF),
        ("dc2/smgr/cluster3/EmailService#Deployment status of emailmanager", OFF, ON),
        ("dc1/smgr/cluster1/CallServerConnector#Deploy CSC", ON, OFF),
        ("dc2/smgr/cluster1/CallServerConnector#Deploy CSC", OFF, ON),
        ("dc1/workflow/Chat#MaintenanceMode", "false", "true"),
        ("dc2/workflow/Chat#MaintenanceMode", "true", "false"),
        ("dc2/smgr/cluster3/SocialConnector#MaintenanceMode", ON, OFF),
        ("dc1/workflow/WebVoice#MaintenanceMode", "false", "true"),
        ("dc2/workflow/WebVideo#MaintenanceMode", "true", "false"),
        ("dc1/cluster/AvayaMobileCommunications/state#state", "Accepting", "Denying"),
        ("shared/experience-portal/application#Active Data Center", "DataCenter1", "DataCenter2"),
        ("dc1/smgr/cluster1/UCAStoreService#Oceana disaster recovery role", *(Override(True, "GEO_MASTER"),) * 2),
        ("dc2/smgr/cluster1/UCAStoreService#Oceana disaster recovery role", *(Override(True, "GEO_SLAVE"),) * 2),
        ("dc1/oracle#Role", "PRIMARY", "PHYSICAL STANDBY"),
        ("dc2/omnichannel/C#Role", "async", "primary"),
        ("dc1/omnichannel/B#Role", "backup", "not a member"),
        ("shared/dns/token.globex.example#A", "192.0.2.10", "198.51.100.10"),
        ("shared/acm/CommunicationManager#CM IP Address", "10.21.5.10", "10.22.5.10"),
        ("dc1/smgr#state", "active", "shut down"),
    ],
)
def test_the_table_of_both_sides(reference: str, dc1_operational: object, dc2_operational: object) -> None:
    assert compiled("globex", "dc1").estate.get(Ref(reference)) == dc1_operational
    assert compiled("globex", "dc2").estate.get(Ref(reference)) == dc2_operational


@pytest.mark.parametrize(
    ("site", "reference", "path", "line"),
    [
        ("globex", "shared/mirror/AOCMIRROR#Use SSL/TLS", "mirror.tls", "  tls: true"),
        ("globex", "dc2/acm/ha-service#Startup type", "control_manager.switchover", "  switchover: manual"),
        ("acme", "dc2/acm/ha-service#state", "control_manager.switchover", "  switchover: automatic"),
    ],
)
def test_a_value_that_the_topology_decides_names_the_line_behind_it(
    site: str, reference: str, path: str, line: str
) -> None:
    origin = compiled(site).provenance(Ref(reference))
    (found,) = (item for item in origin.contributions if item.path == path)
    span = found.spans[0]
    assert (ROOT / span.file).read_text("utf-8").splitlines()[span.line - 1] == line
    assert (span.file, span.line) in origin.lines


def test_every_fact_of_the_topology_has_a_path_that_decides_it() -> None:
    assert FACT_PATHS.keys() == load_catalogue().topology.keys()
    for site in SITES:
        origin = loaded(site)
        assert all(origin.contributors(path) for path in FACT_PATHS.values())


def test_topology_decides_what_exists() -> None:
    small, large = compiled("acme"), compiled("globex")
    only_large = {str(address) for address in set(large.bound.resources) - set(small.bound.resources)}
    assert {"dc1/omnichannel/B", "dc1/oracle", "dc2/workflow/WebVoice", "shared/dns/aawg.globex.example"} <= only_large
    assert small.estate.get(Ref("shared/mirror/AOCMIRROR#Use SSL/TLS")) == "cleared"
    assert large.estate.get(Ref("shared/mirror/AOCMIRROR#Use SSL/TLS")) == "selected"


def test_what_is_off_on_purpose() -> None:
    assert compiled("acme", "dc1").expected_off == frozenset()
    assert compiled("acme", "dc2").expected_off == {"dc1/smgr", "dc1/cm"}


@pytest.mark.parametrize(
    ("channel", "reference"),
    [
        ("chat", "dc1/workflow/Chat#MaintenanceMode"),
        ("sms", "dc1/smgr/cluster3/WebTextConnector#MaintenanceMode"),
        ("social", "dc1/smgr/cluster3/SocialConnector#MaintenanceMode"),
    ],
)
def test_a_draining_channel_is_closed_on_the_operational_side(channel: str, reference: str, tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    edit(root / "sites/acme/site.yaml", ("operational: dc1 ", f"channels: {{{channel}: draining}}\noperational: dc1 "))
    drained = compile_site(load_site(open_project(root), "acme"), load_catalogue())
    assert drained.estate.get(Ref(reference)) in {"true", ON}
    assert drained.provenance(Ref(reference)).lines[-1][0] == "sites/acme/site.yaml"


def test_every_value_says_where_it_comes_from() -> None:
    for site in SITES:
        result = compiled(site)
        for reference in result.estate.refs():
            found = result.provenance(reference)
            assert found.manual or found.setting is None, reference
            for contribution in found.contributions:
                assert contribution.spans, f"{reference}: {contribution.path}"
                assert contribution.spans[0].file in {f"sites/{site}/site.yaml", "sites/defaults.yaml"}


def test_an_overridden_default_keeps_all_contributors() -> None:
    found = compiled("globex").provenance(Ref("shared/mirror/AOCMIRROR#Databases"))
    assert [span.file for span in found.contributions[0].spans] == ["sites/defaults.yaml"]
    spans = loaded("globex").contributors("mirror.tls")
    assert [span.file for span in spans] == ["sites/globex/site.yaml", "sites/defaults.yaml"]


def test_secrets_stay_references() -> None:
    value = compiled("acme").estate.get(Ref("dc1/smgr/backup-storage#Password"))
    assert value == SecretRef("env:ACME_BACKUP_STORAGE_PASSWORD")


@pytest.mark.parametrize("expression", [{"python": "1"}, [1], {"site": "a", "with": [], "x": 1}, {"by_moon": {}}])
def test_only_the_closed_set_of_constructors_is_understood(expression: Json) -> None:
    with pytest.raises(CatalogueError):
        Evaluation(loaded("acme"), "dc1", "dc1", {}).value(expression)


def test_the_same_source_gives_the_same_bytes_in_any_process() -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from oceana_dr.catalogue.load import load_catalogue\n"
        "from oceana_dr.compile.desired import compile_site\n"
        "from oceana_dr.source.load import load_site\n"
        "from oceana_dr.source.project import open_project\n"
        "site = load_site(open_project(Path(sys.argv[1])), 'globex')\n"
        "print(compile_site(site, load_catalogue()).digest)\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program, str(ROOT)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(digests) == 1
