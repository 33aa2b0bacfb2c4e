"""Codes OD2020 to OD2027: what keeps a plan from being run that is right in itself: limits, the time, approvals.

In: nothing. Out: `CODES`.
Each of these can be overridden, by its own name, with a reason that is recorded.
"""

from oceana_dr.diagnostics.codes.info import CodeInfo

CODES = (
    CodeInfo(
        "OD2020",
        "limit-exceeded",
        "the plan changes more than the site or the project allows",
        "`limits` bounds how many addresses one plan may change, in all and by kind, as a number and as a share of "
        "those that can be set (counted where there are ten or more). A plan that moves nothing and changes half of "
        "the estate is more often a mistake in one line than a wish. A move has limits only where the site names "
        "its scenario.",
        "limits: {changes: 1}, and a new password of the backup storage, which two System Managers hold",
        'two plans with --target ADDRESS; or oceana-dr apply plan.json --override limit-changes --reason "CHG-114"',
    ),
    CodeInfo(
        "OD2021",
        "protected-address",
        "the plan changes an address that is protected",
        "`limits.protected` names addresses, or what they begin with, that no plan changes unawares. Each one is a "
        "finding of its own, and overridden by its own name.",
        "limits: {protected: [shared/mirror]}, and another port of the mirror",
        'oceana-dr apply plan.json --override protected-shared/mirror/AOCMIRROR --reason "CHG-114"',
    ),
    CodeInfo(
        "OD2022",
        "self-lockout",
        "the plan changes the way on which a system is reached to manage it",
        "The name that changes in DNS is one under which the site reaches a server, a console or the automation "
        "gateway. If the new address is wrong, nobody reaches it to put it right, neither this tool nor a person at "
        "the console. A move changes such names in its own, proven order, and is not held up.",
        "dns: {names: {web_gateway: acm1.acme.example}}, with control_manager: {url: https://acm1.acme.example}",
        "a name of its own for each; or look where the new address leads, then override it by name",
    ),
    CodeInfo(
        "OD2025",
        "outside-window",
        "no change window is open",
        "Plans are applied inside of the site's `change_windows` and outside of every freeze, by the clock of the "
        "machine that runs them; `oceana-dr window SITE` shows the next openings. `--outside-window` with a reason "
        "passes, for those who have one of the `override_roles` where some are named. A plan of an unplanned "
        "scenario asks two people itself, and passes with a reason whoever runs it. Where an interrupted run stands "
        "inside a supervised pair, the pair is finished first.",
        "oceana-dr apply plan.json, on a Wednesday, with a window on Sundays",
        'the same on Sunday; or oceana-dr apply plan.json --outside-window --reason "CHG-114"',
    ),
    CodeInfo(
        "OD2026",
        "window-too-short",
        "the plan takes longer than the change window is still open",
        "The plan's critical path, at the median, is longer than the time that is left: it would stop half-way, at "
        "the end of a step, until the next window. Where only the slow case (p95) is longer this is a warning, "
        "unless `change_control: {must_fit: p95}` says otherwise; when a run goes on it is a warning, too.",
        "a move of 3 h 20 min, begun 40 minutes before the window ends",
        'begin earlier; or oceana-dr apply plan.json --override window-too-short --reason "CHG-114"',
    ),
    CodeInfo(
        "OD2027",
        "not-approved",
        "too few people have approved exactly this plan",
        "`approvals` of the site and the project say how many people must approve a plan, and in which roles. An "
        "approval is a signature over the plan's id, so that a changed plan needs new ones. It does not count if its "
        "key is nobody's in the allowed signers file, if it has expired, if its signer made the change, lacks the role "
        "or is counted already. `oceana-dr approvals plan.json` lists each with its reason. Those who have one of the "
        "`override_roles` may run the plan all the same, with a reason; a plan of an unplanned scenario asks two "
        "people itself, and passes with a reason whoever runs it.",
        "oceana-dr apply plan.json, approved by one of two, or by who made the change",
        "oceana-dr approve plan.json, by somebody else; or oceana-dr apply plan.json --override approval --reason "
        '"CHG-114", by who may',
    ),
)
