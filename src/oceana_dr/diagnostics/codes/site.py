"""Codes about keys and types of a site file, with OD1042 for what the compiler derives.

In: nothing. Out: `CODES`.
An example must never hold a real address or password.
"""

from oceana_dr.diagnostics.codes.info import CodeInfo

CODES = (
    CodeInfo(
        "OD1042",
        "derived-value",
        "a value is set by hand that the compiler derives",
        "Deployment, maintenance flags, cluster states and geo-redundancy roles follow from `operational` and "
        "`channels`. Set by hand they would contradict them at the next switchover: two data centres fetching mail, "
        "for example.",
        "data_centers:\n  dc2:\n    clusters:\n      cluster3:\n        email: {deployed: true}",
        "operational: dc1",
        ((315, 315), (973, 994), (1807, 1842)),
    ),
    CodeInfo(
        "OD1101",
        "unknown-key",
        "a key is not known here",
        "A misspelt key would be ignored and its default used: nobody would notice before the night it matters.",
        "operatonal: dc2",
        "operational: dc2",
    ),
    CodeInfo(
        "OD1102",
        "missing-key",
        "a key is missing",
        "The compiler needs every system of the topology; nothing is guessed.",
        "system_manager: {fqdn: smgr1.acme.example}",
        "system_manager: {fqdn: smgr1.acme.example, address: 10.11.0.10}",
    ),
    CodeInfo(
        "OD1103",
        "wrong-type",
        "a value has the wrong type",
        "Nothing is converted: text stays text, a number stays a number. A number where text is wanted needs quotes.",
        "space_datagrid: 4",
        'space_datagrid: "4,1"',
    ),
    CodeInfo(
        "OD1104",
        "not-one-of",
        "a value is not one of those allowed",
        "Some keys have a short list of values.",
        "channels: {chat: closed}",
        "channels: {chat: draining}",
    ),
    CodeInfo(
        "OD1117",
        "release",
        "the release is not 3.5",
        "Rules, labels and console paths hold for Avaya Oceana 3.5. In quotes, because 3.10 without them is 3.1.",
        "release: 3.9",
        'release: "3.5"',
        ((247, 247), (272, 272)),
    ),
    CodeInfo(
        "OD1118",
        "yaml-1-1-word",
        "a word of YAML 1.1 stands for true or false",
        "YAML 1.2 reads yes, no, on and off as text.",
        "tls: yes",
        "tls: true",
    ),
)
