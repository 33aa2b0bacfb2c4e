"""Codes about what belongs together across a site: names, addresses, the two sides.

In: nothing. Out: `CODES`.
An example must never hold a real address.
"""

from oceana_dr.diagnostics.codes.info import CodeInfo

CODES = (
    CodeInfo(
        "OD1120",
        "name-not-folder",
        "the site's name is not its folder's",
        "Runs, locks and the lab are kept by name: two folders with one name would share them.",
        "sites/acme/site.yaml: name: globex",
        "sites/acme/site.yaml: name: acme",
    ),
    CodeInfo(
        "OD1121",
        "node-named-as-cluster",
        "a node has the name of its cluster",
        "The Windows hosts file needs an entry for the cluster's name, which must differ from every node's; otherwise "
        "the administration console opens on one node only.",
        "fqdn: aoc1.dc1.acme.example\nnodes: [{fqdn: aoc1.dc1.acme.example, …}]",
        "fqdn: aoc1.dc1.acme.example\nnodes: [{fqdn: breeze11.dc1.acme.example, …}]",
        ((998, 1000), (1054, 1054)),
    ),
    CodeInfo(
        "OD1122",
        "same-public-address",
        "both data centres have the same public address",
        "A switchover moves the three public names from one data centre's addresses to the other's. With equal "
        "addresses nothing would move; with one name's in Data Center 1 and another's in Data Center 2 the one would "
        "lead to where the other has just left. Within a data centre the three may be equal: a proxy serves them all.",
        "dc1: {web_gateway: 192.0.2.11}\ndc2: {web_gateway: 192.0.2.11}",
        "dc1: {web_gateway: 192.0.2.11}\ndc2: {web_gateway: 198.51.100.11}",
        ((339, 346),),
    ),
    CodeInfo(
        "OD1123",
        "duplicate-address",
        "two systems have the same address",
        "A copied line whose address was not changed: a command meant for one system would reach the other.",
        "{fqdn: breeze11.dc1.acme.example, address: 10.11.1.11}\n"
        "{fqdn: breeze12.dc1.acme.example, address: 10.11.1.11}",
        "two different addresses",
    ),
    CodeInfo(
        "OD1124",
        "duplicate-name",
        "two systems have the same name",
        "A copied line whose name was not changed.",
        "{fqdn: breeze11.dc1.acme.example, address: 10.11.1.11}\n"
        "{fqdn: breeze11.dc1.acme.example, address: 10.11.1.12}",
        "two different names",
    ),
    CodeInfo(
        "OD1125",
        "same-database",
        "both Oracle databases have the same name",
        "Data Guard switches over to a database by its name; primary and standby need two.",
        "dc1: orcl, dc2: orcl",
        "dc1: orcl, dc2: orcl_stby",
        ((953, 953), (1337, 1337)),
    ),
    CodeInfo(
        "OD1126",
        "mirror-tls-files",
        "the mirror uses TLS and its files are missing",
        "Use SSL/TLS can be ticked only when the certificate authority, the certificate and the private key with its "
        "password are known.",
        "mirror: {tls: true}",
        "mirror: {tls: true, tls_files: {ca: …, certificate: …, private_key: …, private_key_password: …}}",
        ((713, 715), (830, 839), (866, 875)),
    ),
    CodeInfo(
        "OD1127",
        "outside-zone",
        "a name lies outside the zone",
        "Names are changed by updates of one zone; a name outside it would never move.",
        "zone: globex.example, web_gateway: aawg.acme.example",
        "zone: globex.example, web_gateway: aawg.globex.example",
        ((335, 346),),
    ),
    CodeInfo(
        "OD1128",
        "web-voice-incomplete",
        "Web Voice is configured in part",
        "Web Voice and Web Video need, in both data centres, the AvayaMobileCommunications cluster and public "
        "addresses, and with them the three names and both channels.",
        "a mobile_communications cluster in dc1 only",
        "clusters, public_addresses, dns and both channels, or none of them",
        ((331, 346),),
    ),
    CodeInfo(
        "OD1129",
        "channel-without-web-voice",
        "a channel needs Web Voice, which is not there",
        "The channels web_voice and web_video exist only where Web Voice is deployed.",
        "channels: {web_voice: open}",
        "no such line, or the whole of Web Voice",
        ((331, 346),),
    ),
    CodeInfo(
        "OD1130",
        "standby-in-dc2",
        "a standby Omnichannel server stands in Data Center 2",
        "High Availability is a pair in Data Center 1; Data Center 2 has one async server.",
        "dc2: {omnichannel: {async: …, standby: …}}",
        "dc1: {omnichannel: {active: …, standby: …}}",
        ((301, 301), (889, 889)),
    ),
    CodeInfo(
        "OD1131",
        "second-dr-site",
        "there is a second disaster recovery site",
        "Oceana supports one disaster recovery site, with one ESS.",
        "data_centers: {dc1: …, dc2: …, dc3: …}",
        "data_centers: {dc1: …, dc2: …}",
        ((291, 293), (2290, 2290)),
    ),
    CodeInfo(
        "OD1132",
        "wrong-side",
        "a system stands in the data centre it cannot be in",
        "Communication Manager and the active Omnichannel server are Data Center 1's, the async server is Data "
        "Center 2's. Which of the two takes contacts is said by `operational` alone.",
        "dc2: {communication_manager: …}",
        "dc1: {communication_manager: …}",
        ((284, 301),),
    ),
    CodeInfo(
        "OD1133",
        "switchover-ttl",
        "the switchover's time to live is above the steady one",
        "Before a switchover the names' time to live is lowered, so that clients follow soon.",
        "ttl: 60, switchover_ttl: 3600",
        "ttl: 3600, switchover_ttl: 60",
        ((1667, 1667), (2150, 2150)),
    ),
    CodeInfo(
        "OD1134",
        "analytics-incomplete",
        "Analytics is configured in one data centre only",
        "Data Guard needs a primary and a standby database, one in each data centre.",
        "analytics in dc1 only",
        "analytics in both, or in neither",
        ((953, 953), (1333, 1333)),
    ),
    CodeInfo(
        "OD1138",
        "mirror-databases",
        "the databases of the mirror are not the two of the manual, each once",
        "MULTIMEDIA_DATA and COBROWSE_DATA are both needed after a switchover; no other is added to the mirror.",
        "databases: [MULTIMEDIA_DATA]",
        "databases: [MULTIMEDIA_DATA, COBROWSE_DATA]",
        ((723, 723), (809, 809)),
    ),
    CodeInfo(
        "OD1139",
        "web-channels-differ",
        "Web Voice and Web Video are not in the same state",
        "The manual sets and resets their maintenance mode together.",
        "web_voice: draining, web_video: open",
        "web_voice: draining, web_video: draining",
        ((1066, 1070), (1664, 1665)),
    ),
)
