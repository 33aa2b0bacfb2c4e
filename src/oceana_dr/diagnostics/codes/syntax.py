"""Codes OD1001 to OD1020: files, and YAML as YAML.

In: nothing. Out: `CODES`.
An example must never hold a tab or an invisible character of its own: it names them.
"""

from oceana_dr.diagnostics.codes.info import CodeInfo

CODES = (
    CodeInfo(
        "OD1001",
        "not-found",
        "a site or a file is not there",
        "A command named a site without a folder, or a file that does not exist. The nearest name is suggested.",
        "oceana-dr plan acmee",
        "oceana-dr plan acme",
    ),
    CodeInfo(
        "OD1002",
        "unreadable",
        "a file is there but cannot be read",
        "Permission is missing, a folder or a pipe stands in the file's place, or symbolic links go in a circle. "
        "Nothing is planned from a site that is read in part.",
        "chmod 000 sites/acme/site.yaml",
        "chmod 644 sites/acme/site.yaml",
    ),
    CodeInfo(
        "OD1003",
        "too-large",
        "a file is larger than 1 MiB",
        "A site file has some hundred lines. What is larger by far is not a definition, and would only cost memory.",
        "a log saved as site.yaml",
        "a definition of some hundred lines",
    ),
    CodeInfo(
        "OD1004",
        "not-utf8",
        "a file is not UTF-8",
        "Files are read as UTF-8. In another encoding a name or an address could be read as something else.",
        "site.yaml saved as UTF-16 or Latin-1",
        "site.yaml saved as UTF-8",
    ),
    CodeInfo(
        "OD1005",
        "hidden-character",
        "a file holds a character that cannot be seen",
        "Control characters, line separators that only some readers honour, and marks that reverse the direction of "
        "text let a reviewer approve something else than what is applied.",
        "name: ac<U+202E>me",
        "name: acme",
    ),
    CodeInfo(
        "OD1006",
        "not-yaml",
        "the text is not YAML",
        "A quote or bracket is open, a colon is missing, or a line is indented differently. The lines "
        "that cannot be read are left out, and the rest of the file is checked; what may stand in them is not called "
        "missing.",
        "channels: {chat: open",
        "channels: {chat: open}",
    ),
    CodeInfo(
        "OD1007",
        "tab",
        "a tab is used to indent",
        "YAML indents with spaces only.",
        "channels:\n<tab>chat: open",
        "channels:\n  chat: open",
    ),
    CodeInfo(
        "OD1008",
        "duplicate-key",
        "a key stands twice in one mapping",
        "Some readers take the first value, some the last. Neither may decide which data centre is activated.",
        "operational: dc1\noperational: dc2",
        "operational: dc2",
    ),
    CodeInfo(
        "OD1009",
        "merge-key",
        "a merge key `<<` is used",
        "Merge keys are YAML 1.1; parsers disagree about them. `sites/defaults.yaml` holds what sites share.",
        "dc2:\n  <<: *dc1",
        "the shared values in sites/defaults.yaml",
    ),
    CodeInfo(
        "OD1010",
        "several-documents",
        "a file holds more than one document",
        "A second document after `---` is dropped silently by many readers.",
        "name: acme\n---\nname: globex",
        "one file for each site",
    ),
    CodeInfo(
        "OD1011",
        "tag",
        "a value has a tag that is not known, or does not fit it",
        "Tags choose a type, and with some readers run code. Types follow from the schema.",
        "operational: !side dc1",
        "operational: dc1",
    ),
    CodeInfo(
        "OD1012",
        "unknown-alias",
        "an alias repeats nothing",
        "`*name` repeats what `&name` marked before. A value that begins with `*` needs quotes.",
        "directory: *backup",
        "directory: /srv/backup",
    ),
    CodeInfo(
        "OD1013",
        "too-deep",
        "values are nested too deep",
        "No definition needs more than 64 levels; deeper nesting only serves to exhaust a reader.",
        "[[[[[[[[ … ]]]]]]]]",
        "a definition as the schema describes it",
    ),
    CodeInfo(
        "OD1014",
        "too-many-values",
        "a file expands to too many values",
        "Aliases of aliases multiply: a file of ten lines can stand for billions of values. Expanded values count.",
        "b: [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]",
        "the values written out",
    ),
    CodeInfo(
        "OD1015",
        "key-not-text",
        "a key is not text",
        "Every key of a definition is a name; numbers, lists and mappings as keys are slips.",
        "1: {fqdn: aoc1.dc1.acme.example}",
        "cluster1: {fqdn: aoc1.dc1.acme.example}",
    ),
    CodeInfo(
        "OD1016",
        "number-too-long",
        "a number has too many digits",
        "Numbers of more than 64 digits mean nothing here; text that looks like one needs quotes.",
        "ttl: 3600000000… (65 digits)",
        "ttl: 3600",
    ),
    CodeInfo(
        "OD1017",
        "yaml-version",
        "a file asks for another version of YAML",
        "Files are read as YAML 1.2. Under 1.1 the same text has other values (`no` is false, 1:30 is 90).",
        "%YAML 1.1\n---\nname: acme",
        "name: acme",
    ),
    CodeInfo(
        "OD1018",
        "no-mapping",
        "a file holds no keys and values",
        "The file is empty, or a list or a single value.",
        "- acme",
        "name: acme",
    ),
    CodeInfo(
        "OD1019",
        "no-project",
        "there is no project here",
        "Commands look for `oceana-dr.yaml` in the current folder and above it.",
        "cd /tmp; oceana-dr plan acme",
        "oceana-dr -C ~/contact-centre plan acme",
    ),
    CodeInfo(
        "OD1020",
        "too-many-problems",
        "a file has more problems than are shown",
        "The first 200 problems of a file are shown. So many have one cause, or the file is "
        "something else than a definition. What follows the last one shown is masked: a secret could be in it.",
        "a list of servers pasted under the wrong key, a thousand times",
        "the list under its own key",
        secret=True,
    ),
    CodeInfo(
        "OD1021",
        "folder-without-site",
        "a folder of a site has no `site.yaml`",
        "Every folder below `sites/` that holds something is a site, or was one: its file was deleted, or has another "
        "name. Nothing in it is checked or planned until `site.yaml` is back or the folder is gone.",
        "sites/acme/site.yml",
        "sites/acme/site.yaml",
    ),
    CodeInfo(
        "OD1022",
        "own-key-in-defaults",
        "the defaults say what each site must say of itself",
        "`operational` in the defaults would move every site that does not say it itself, by one line; `name` would "
        "give all of them the same.",
        "sites/defaults.yaml: operational: dc2",
        "sites/acme/site.yaml: operational: dc2",
    ),
    CodeInfo(
        "OD1023",
        "conflict",
        "git left a conflict in a file",
        "Two branches changed the same lines, and git wrote down both between markers. Which data centre takes "
        "contacts is not for a tool to choose. Nothing between the markers is read; the rest of the file is checked.",
        "operational: dc1, between lines that begin with `<<<<<<<` and `>>>>>>>`",
        "operational: dc1, and no such lines",
    ),
)
