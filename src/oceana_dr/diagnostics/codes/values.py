"""Codes about the form of single values: names, addresses, durations, secrets.

In: nothing. Out: `CODES`.
An example must never hold a real address or password.
"""

from oceana_dr.diagnostics.codes.info import CodeInfo

CODES = (
    CodeInfo(
        "OD1105",
        "fqdn",
        "this is not a fully qualified domain name",
        "Consoles and certificates need names with their domain; an address or a short name is not one.",
        "fqdn: aoc1",
        "fqdn: aoc1.dc1.acme.example",
    ),
    CodeInfo(
        "OD1106",
        "ipv4",
        "this is not an IPv4 address",
        "Four numbers from 0 to 255, without leading zeros (which some readers take for octal).",
        "address: 10.11.0.256",
        "address: 10.11.0.10",
    ),
    CodeInfo(
        "OD1107",
        "port",
        "this is not a port",
        "Ports go from 1 to 65535; 0 means any port to an operating system.",
        "port: 0",
        "port: 2188",
        ((718, 718),),
    ),
    CodeInfo(
        "OD1108",
        "duration",
        "this is not a duration",
        "A number and its unit: d, h, m or s.",
        "duration: 4",
        "duration: 4h",
    ),
    CodeInfo(
        "OD1109",
        "time-zone",
        "this is not an IANA time zone",
        "Windows open in local time, across daylight saving: an abbreviation such as CET or an offset cannot say when.",
        "time_zone: Berlin",
        "time_zone: Europe/Berlin",
    ),
    CodeInfo(
        "OD1110",
        "recurrence",
        "this is not a recurrence rule",
        "RFC 5545, 3.3.10: FREQ first, then parts such as BYDAY, INTERVAL, COUNT or UNTIL.",
        "recurrence: every Sunday",
        "recurrence: FREQ=WEEKLY;BYDAY=SU",
    ),
    CodeInfo(
        "OD1111",
        "url",
        "this is not an http or https address",
        "Operators click these addresses; user names and passwords must not stand in them.",
        "url: acm1.acme.example",
        "url: https://acm1.acme.example",
    ),
    CodeInfo(
        "OD1112",
        "windows-path",
        "this is not a Windows drive or path",
        "Omnichannel Database servers run Windows: a drive is one capital letter, a path begins with a drive.",
        "install_dir: /opt/Avaya",
        r"install_dir: D:\Avaya",
    ),
    CodeInfo(
        "OD1113",
        "out-of-range",
        "a number is too small or too large",
        "The limits are those of the schema.",
        "time_scale: 0",
        "time_scale: 600",
    ),
    CodeInfo(
        "OD1114",
        "site-name",
        "this is not a site's name",
        "Names become folders, labels and parts of addresses: lower-case letters, digits, hyphens.",
        "name: Acme Corp",
        "name: acme",
    ),
    CodeInfo(
        "OD1115",
        "local-time",
        "this is not a local date and time",
        "Year, month, day, hour and minute, without an offset: the time zone stands beside it.",
        "start: 2026-02-30T02:00",
        'start: "2026-01-04T02:00"',
    ),
    CodeInfo(
        "OD1116",
        "form",
        "a value does not have the form it needs",
        "The message says which form that is.",
        "verification: {email: hello}",
        "verification: {email: hello@acme.example}",
    ),
    CodeInfo(
        "OD1140",
        "factory-password",
        "a password stands in a file",
        "The manual prints passwords that every installation begins with. They are refused wherever they occur: in "
        "values, keys and comments, inside of other words, and written with escapes. Whoever copies one has not "
        "changed it on the server either. Refused as well is a password in the address of a system "
        "(`https://user:password@…`) and one behind a login: everybody who reviews a definition reads it, and it stays "
        "in git for ever.",
        "password: <a password the manual prints>",
        "password: env:ACME_BACKUP_PASSWORD",
        ((691, 692), (1340, 1340), (1434, 1434), (1535, 1535)),
        secret=True,
    ),
    CodeInfo(
        "OD1141",
        "secret-value",
        "a secret stands where a reference to it belongs",
        "Definitions are read by everybody who reviews them and stay in git for ever. A reference says where the "
        "secret can be had.",
        "password: <the password>",
        "password: env:ACME_BACKUP_PASSWORD",
        secret=True,
    ),
)
