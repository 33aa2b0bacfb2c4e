"""Codes OD1501 to OD1505 and OD1507: a saved plan, or a seed, that cannot be used.

In: nothing. Out: `CODES`.
A plan file must never be repaired or read in part: it is refused as a whole.
"""

from oceana_dr.diagnostics.codes.info import CodeInfo

CODES = (
    CodeInfo(
        "OD1501",
        "plan-not-json",
        "the plan file is cut off, or not JSON",
        "The file ends in the middle (a full disk, a broken download), or is no plan at all.",
        '{"format_version": "1.0", "id": "sha256:…", "st',
        "the file as `oceana-dr plan -o` wrote it",
    ),
    CodeInfo(
        "OD1502",
        "plan-edited",
        "the plan file was changed after it was made",
        "The id is the digest of the content. A plan that was edited is not the one that was reviewed and proven.",
        "a step removed with an editor",
        "a new plan",
    ),
    CodeInfo(
        "OD1503",
        "plan-format",
        "the plan file has a format this version does not know",
        "Another major version may mean other things by the same words.",
        '"format_version": "2.0"',
        "the version of oceana-dr that made the plan, or a new plan",
    ),
    CodeInfo(
        "OD1504",
        "not-a-plan",
        "the file is JSON but not a plan",
        "A key is missing, or a value has another type than the plan's schema says.",
        '{"format_version": "1.0"}',
        "the file as `oceana-dr plan -o` wrote it",
    ),
    CodeInfo(
        "OD1505",
        "plan-unreadable",
        "the plan file cannot be read",
        "It is not there, permission is missing, or a folder stands in its place.",
        "oceana-dr show /tmp",
        "oceana-dr show plan.json",
    ),
    CodeInfo(
        "OD1507",
        "not-a-seed",
        "the file is no seed of a lab",
        "A lab begins with `sites/<site>/lab.seed.json`: the estate and the facts of the site, as JSON. This one is "
        "cut off, says a thing twice, or holds something else.",
        '{"schema": "oceana-dr/lab-seed/v1", "site": "acme"',
        "the file as it stands in git",
    ),
)
