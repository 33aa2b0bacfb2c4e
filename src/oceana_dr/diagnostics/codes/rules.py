"""Codes OD2091 to OD2095: silences of domain rules that cannot stand, names that the catalogue does not know.

The rules' own codes, OD2101 and above, are data of the catalogue.

In: nothing. Out: `CODES`.
A silence must never be taken on trust: it names a rule, gives its reason, and silences something.
"""

from oceana_dr.diagnostics.codes.info import CodeInfo
from oceana_dr.diagnostics.diagnostic import Severity

CODES = (
    CodeInfo(
        "OD2091",
        "unknown-silence",
        "a silence names no domain rule",
        "`silences` takes the code or the id of a domain rule. Other codes speak of files, types and references: what "
        "they find is mended, not silenced.",
        "silences:\n  - {rule: dns-effect-delays, reason: the names live at a partner}",
        "silences:\n  - {rule: dns-effect-delay, reason: the names live at a partner}",
    ),
    CodeInfo(
        "OD2092",
        "silence-not-allowed",
        "a rule that never may be silenced is silenced",
        "Some rules keep two data centres from taking contacts, or data from being lost. No reason outweighs them; "
        "the page of the rule says so.",
        "silences:\n  - {rule: clients-use-fqdns, reason: it worked until now}",
        "the mistake mended, and no such line",
    ),
    CodeInfo(
        "OD2093",
        "unused-silence",
        "a silence silences nothing",
        "What it was written for is gone, or its path is another one. Left in place it would hide the next finding, "
        "which nobody has judged.",
        "silences:\n  - {rule: OD2182, reason: until the next release}   # and OD2182 finds nothing here",
        "no such line",
        severity=Severity.WARNING,
    ),
    CodeInfo(
        "OD2094",
        "driver-of-no-address",
        "a driver is chosen for an address that there is none",
        "`drivers` chooses who performs steps, by an address or by parts of its beginning. One that matches nothing "
        "leaves those steps to the driver that was not to have them.",
        "drivers: {dc1/cmx: operator}",
        "drivers: {dc1/cm: operator}",
    ),
    CodeInfo(
        "OD2095",
        "limit-of-no-address",
        "a limit is set for an address or a kind that there is none of",
        "`limits` protects addresses and counts them by kind. A name that matches nothing would protect nothing, and "
        "nobody would notice before the day on which it should have.",
        "limits: {protected: [shared/miror]}",
        "limits: {protected: [shared/mirror]}",
    ),
)
