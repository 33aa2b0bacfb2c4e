"""Codes about governance: what the project demands of a site, and what a site should have.

In: nothing. Out: `CODES`.
A warning must never stop a command; an error always does.
"""

from oceana_dr.diagnostics.codes.info import CodeInfo
from oceana_dr.diagnostics.diagnostic import Severity

CODES = (
    CodeInfo(
        "OD1135",
        "policy-loosened",
        "a site asks for less than the project's policy",
        "`policy` in oceana-dr.yaml holds minima; a site may tighten them, never loosen them.",
        "policy: {approvals: {required: 2}}, site: approvals: {required: 1}",
        "site: approvals: {required: 2}",
    ),
    CodeInfo(
        "OD1136",
        "driver-not-configured",
        "a site names a driver that the project does not configure",
        "Drivers are configured once, in oceana-dr.yaml; a site chooses among them.",
        "drivers: {dc1/cm: operator}, with no `operator` in oceana-dr.yaml",
        "oceana-dr.yaml: drivers: {operator: {}}",
    ),
    CodeInfo(
        "OD1137",
        "estimate-order",
        "an estimate's p95 is below its p50",
        "Nineteen of twenty runs cannot be quicker than half of them.",
        "P12: {p50: 15m, p95: 5m}",
        "P12: {p50: 5m, p95: 15m}",
    ),
    CodeInfo(
        "OD1142",
        "unknown-role",
        "a role is named that nobody has",
        "`override_roles` says who may act against a freeze or outside of every window. A role without people lets "
        "nobody act, in the night when somebody must. `roles` in oceana-dr.yaml says who has which role.",
        "change_control: {override_roles: [change-manger]}",
        "change_control: {override_roles: [change-manager]}, and oceana-dr.yaml: roles: {change-manager: [jane]}",
    ),
    CodeInfo(
        "OD1143",
        "driver-missing",
        "a driver is configured that is not there",
        "`drivers` in oceana-dr.yaml names drivers of oceana-dr and of packages that are installed beside it (entry "
        "points of the group oceana_dr.drivers). One that nobody offers, or that cannot be loaded, serves no system.",
        "drivers: {oprator: {}}",
        "drivers: {operator: {}}",
    ),
    CodeInfo(
        "OD1144",
        "driver-not-for-address",
        "a site names a driver for an address that it does not serve",
        "Each driver says which addresses it can read and act on. One that can do neither would leave the system to "
        "nobody.",
        "drivers: {dc1/cm: dns}",
        "drivers: {dc1/cm: operator}",
    ),
    CodeInfo(
        "OD1145",
        "name-of-two-people",
        "one name is given to two people",
        "`people` in oceana-dr.yaml says under which other names somebody is known: principals of keys, mail addresses "
        "in git. Approvals are counted by person, and nobody approves their own change: a name that two people have "
        "would let one pass for the other.",
        "people: {jane: [ops@acme.example], omar: [ops@acme.example]}",
        "people: {jane: [jane@acme.example], omar: [omar@acme.example]}",
    ),
    CodeInfo(
        "OD1150",
        "no-verification",
        "nothing is known to test a channel with",
        "After a switchover somebody calls, writes and chats to see that each channel works; the plan names the "
        "number or page.",
        "channels: {sms: open}, no verification.sms",
        'verification: {sms: "+49 151 5550100"}',
        severity=Severity.WARNING,
    ),
    CodeInfo(
        "OD1151",
        "differs-from-manual",
        "a value differs from the one the manual prints",
        "The mirror's name, port and instance are printed as fixed. Another value can be right, and then console "
        "steps show it; most often it is a slip.",
        "mirror: {port: 2189}",
        "mirror: {port: 2188}",
        ((712, 718), (770, 772)),
        severity=Severity.WARNING,
    ),
    CodeInfo(
        "OD1152",
        "host-almost-known",
        "a host name is almost one that the site uses elsewhere",
        "A slip in a domain or in a link is found when the console does not answer, at night. Names that differ in "
        "digits only are not compared: those are servers of a row.",
        "url: https://aco1.dc1.acme.example/…, beside fqdn: aoc1.dc1.acme.example",
        "url: https://aoc1.dc1.acme.example/…",
        severity=Severity.WARNING,
    ),
    CodeInfo(
        "OD1153",
        "always-open",
        "a change window of a real estate never closes",
        "New sites and the examples have a window for the lab that is open at any time. Where `drivers.gateway` is a "
        "real one, it would let every plan run at noon on a working day. A site whose changes really are free "
        "leaves `change_windows` away.",
        'change_windows: [{start: "2026-01-01T00:00", duration: 24h, recurrence: FREQ=DAILY}]',
        'change_windows: [{start: "2026-01-04T02:00", duration: 4h, recurrence: FREQ=WEEKLY;BYDAY=SU}]',
        severity=Severity.WARNING,
    ),
)
