"""Hosts entries, bookmarks and clients' names: read by the parsers of their formats."""

from collections.abc import Mapping
from html.parser import HTMLParser
from ipaddress import IPv4Address

import pytest
from ruamel.yaml import YAML

from oceana_dr.source.load import load_site
from oceana_dr.source.project import open_project

from .conftest import ROOT, Render


class Bookmarks(HTMLParser):
    """Folder → title → address, as a browser's import takes them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.doctype = ""
        self.folders: dict[str, dict[str, str]] = {}
        self.open: list[str] = []
        self.address = ""
        self.words = ""
        self.depth = 0
        self.feed(text)
        self.close()

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words = ""
        self.depth += tag == "dl"
        if tag == "a":
            assert [name for name, _ in attrs] == ["href"]
            self.address = attrs[0][1] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "h3":
            self.open.append(self.words)
            self.folders[self.words] = {}
        if tag == "a":
            self.folders[self.open[-1]][self.words] = self.address
        if tag == "dl":
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        self.words += data


def entries(text: str) -> dict[str, str]:
    """Name → address, as Windows and Unix read a hosts file."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if words:
            address, *names = words
            found |= dict.fromkeys(names, str(IPv4Address(address)))
    return found


@pytest.mark.parametrize("operational", ["dc1", "dc2"])
@pytest.mark.parametrize("site", ["acme", "globex"])
def test_a_hosts_entry_is_the_cluster_and_none_of_its_nodes(site: str, operational: str, render: Render) -> None:
    loaded = load_site(open_project(ROOT), site)
    for side in ("dc1", "dc2"):
        cluster = f"data_centers.{side}.clusters.cluster1"
        name, address = (str(loaded.value(f"{cluster}.{key}")) for key in ("fqdn", "address"))
        nodes = loaded.value(f"{cluster}.nodes")
        assert isinstance(nodes, list | tuple)
        assert entries(render(site, operational)[f"hosts/{side}.hosts"]) == {name: address}
        assert name not in {node["fqdn"] for node in nodes}


def test_bookmarks_are_a_file_that_browsers_import(artifacts: Mapping[str, str]) -> None:
    text = artifacts["bookmarks/consoles.html"]
    found = Bookmarks(text)
    assert found.doctype == "DOCTYPE NETSCAPE-Bookmark-file-1"
    assert found.depth == 0
    assert text.count("<DL><p>") == text.count("</DL><p>") == 5
    addresses = [address for folder in found.folders.values() for address in folder.values()]
    assert addresses
    assert all(address.startswith(("https://", "http://")) for address in addresses)


@pytest.mark.parametrize("operational", ["dc1", "dc2"])
def test_oceana_manager_of_both_sides_is_there_whichever_is_in_service(operational: str, render: Render) -> None:
    folders = Bookmarks(render("acme", operational)["bookmarks/consoles.html"]).folders
    for place, side in (("Frankfurt (dc1)", "dc1"), ("Leipzig (dc2)", "dc2")):
        # The manual prints the address with a stray parenthesis at its end.
        page = f"https://aoc1.{side}.acme.example/services/OceanaMonitorService/manager.html?affinity="
        assert folders[place]["Oceana Manager page"] == page


@pytest.mark.parametrize("operational", ["dc1", "dc2"])
def test_the_addresses_after_a_move_are_there_before_it(operational: str, render: Render) -> None:
    folders = Bookmarks(render("globex", operational)["bookmarks/consoles.html"]).folders
    for place, side, number in (("London (dc1)", "dc1", 1), ("Manchester (dc2)", "dc2", 2)):
        links = folders[place]
        workspaces = f"https://aoc1.{side}.globex.example/services/UnifiedAgentController/workspaces/"
        assert links["Avaya Workspaces for agents"] == workspaces
        assert links["Control Manager for supervisors and administrators"] == f"https://acm{number}.globex.example"


def test_each_server_of_the_mirror_has_its_portal(render: Render) -> None:
    def portals(site: str) -> dict[str, str]:
        folders = Bookmarks(render(site, "dc1")["bookmarks/consoles.html"]).folders
        return {
            f"{place.partition('(')[2][:3]} {title}": address.removeprefix("http://").partition(":")[0]
            for place, links in folders.items()
            for title, address in links.items()
            if "Portal" in title and "Experience" not in title
        }

    globex = load_site(open_project(ROOT), "globex")
    assert portals("globex") == {
        "dc1 Cache Management Portal, server A": globex.value("data_centers.dc1.omnichannel.active.address"),
        "dc1 Cache Management Portal, server B": globex.value("data_centers.dc1.omnichannel.standby.address"),
        "dc2 Cache Management Portal": globex.value("data_centers.dc2.omnichannel.async.address"),
    }
    acme = load_site(open_project(ROOT), "acme")
    assert portals("acme") == {
        "dc1 Cache Management Portal": acme.value("data_centers.dc1.omnichannel.active.address"),
        "dc2 Cache Management Portal": acme.value("data_centers.dc2.omnichannel.async.address"),
    }


def test_clients_have_names_and_no_addresses(render: Render) -> None:
    document = YAML(typ="safe").load(render("globex", "dc2")["clients/names.yaml"])
    assert document["names"] == ["token.globex.example", "aawg.globex.example", "amc.globex.example"]
    assert not [path for path in render("acme", "dc2") if path.startswith("clients/")]
