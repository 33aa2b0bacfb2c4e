"""Codes OD1506 and OD20xx: a snapshot that is none, and what a plan's guards find.

In: nothing. Out: `CODES`.
A finding's text stands in the plan file; here is what it means and what to do about it.
"""

from oceana_dr.diagnostics.codes.info import CodeInfo
from oceana_dr.diagnostics.diagnostic import Severity

CODES = (
    CodeInfo(
        "OD1506",
        "not-a-snapshot",
        "the file is no snapshot of this site's estate",
        "`--live` plans against a file that `oceana-dr snapshot` wrote. This one is something else, of another "
        "site, or of a format this version does not know.",
        "oceana-dr plan acme --live globex-live.json",
        "oceana-dr snapshot acme -o live.json",
    ),
    CodeInfo(
        "OD2002",
        "scenario-does-not-fit",
        "no scenario fits, or not the one that was asked for",
        "The scenario follows from what is live and what the site says. Both cluster groups ACTIVE, both STANDBY, "
        "or another scenario named with --scenario, leave none that may be run.",
        "oceana-dr plan acme --scenario planned-switchover   # nothing moves",
        "oceana-dr plan acme",
    ),
    CodeInfo(
        "OD2003",
        "console-would-refuse",
        "a console would refuse a step of this plan",
        "The plan was walked through on a twin of the estate, and the twin refused a step the way the console "
        "would. Something live is not as the step needs it.",
        "an attribute is to be set while no System Manager is active",
        "bring the system into the state that the message names, then plan again",
    ),
    CodeInfo(
        "OD2004",
        "role-deviates",
        "a role is not as it should be, and no setting mends it",
        "Roles (who is ACTIVE, primary, running) change in scenarios only, in a proven order. A steady plan never "
        "touches them.",
        "dc1/omnichannel/A#Role is backup while dc1 is operational",
        "find out why, bring the role back at its console, then plan again",
    ),
    CodeInfo(
        "OD2005",
        "observed-deviates",
        "something that can only be observed is not as it should be",
        "Nothing sets this value directly; it follows from something else, which did not follow.",
        "dc1/cluster/2/state#nodes is Mixed",
        "look at the system at its console",
        severity=Severity.WARNING,
    ),
    CodeInfo(
        "OD2006",
        "system-dark",
        "a system cannot be read, and should be",
        "Unknown is never good: a plan that relies on a system nobody can see is not run. Systems that are off "
        "on purpose are not counted.",
        "dc2/smgr cannot be read: unreachable",
        "bring it back, or find out why it does not answer",
    ),
    CodeInfo(
        "OD2007",
        "estimate-of-no-step",
        "the site estimates a step that there is none",
        "`estimates` gives the durations of steps by id. One that no scenario has changes nothing, and probably "
        "means another step.",
        "estimates: {P99: {p50: 20m, p95: 40m}}",
        "estimates: {P28.restart-cluster1: {p50: 20m, p95: 40m}}",
        severity=Severity.WARNING,
    ),
    CodeInfo(
        "OD2008",
        "check-would-fail",
        "a step of the plan would stop the run as things are now",
        "A check, or what a step needs right before it, does not hold on the estate as it was read. It may come right "
        "by itself until the plan is run (a database catches up), so the plan is not refused; it is read again at the "
        "step, and the run stops there if it is still so.",
        "P00 finds a replication that is broken",
        "mend what the message names before the window opens",
        severity=Severity.WARNING,
    ),
    CodeInfo(
        "OD2010",
        "invariant-broken",
        "the plan would lead through a state that is not safe",
        "Every state that any order of the steps, and a crash inside or after any of them, can reach was checked. "
        "The steps named are the shortest way to a bad one.",
        "EmailService is switched on while the Omnichannel Database there is not writable",
        "mend what the finding names first, then plan again",
    ),
    CodeInfo(
        "OD2011",
        "invariant-does-not-hold",
        "the estate is not safe now, before the plan does anything",
        "A plan that moves nothing did not cause it, and is not refused for it: it may be the repair. If it is, it "
        "ends with the invariant holding; the finding says so where it does not.",
        "EmailService is deployed in both data centres",
        "apply the repair, or bring the system back at its console",
        severity=Severity.WARNING,
    ),
    CodeInfo(
        "OD2013",
        "changes-beside-a-move",
        "something else differs, and a move does not change it",
        "A move changes what has to change for it, and nothing else: administration is frozen while it runs. What also "
        "differs between the site and the estate would be left as it is, and would take contacts with the old value. "
        "Make two pull requests, or apply a plan for the side that is in service first; `--target` keeps it to one "
        "address. Once the move has begun (administration is frozen) this is a warning: the move goes on, and a plan "
        "made after it has the rest.",
        "a pull request with operational: dc2 and another address of the Omnichannel Database",
        "oceana-dr plan acme --operational dc1 -o first.json, then oceana-dr apply first.json, then plan the move",
    ),
    CodeInfo(
        "OD2012",
        "move-starts-unsafe",
        "a move is not begun on an estate that is not safe",
        "An invariant is broken before the first step. The steps of a move are proven from a safe estate: from this "
        "one, both data centres could fetch mail or take contacts until a later step ends it, or for good. "
        "A plan that moves nothing mends it: plan the site as it is operated now, apply that, then plan the move.",
        "EmailService is deployed in both data centres, and operational is changed to dc2",
        "oceana-dr plan acme --operational dc1 -o mend.json, then oceana-dr apply mend.json",
    ),
    CodeInfo(
        "OD2014",
        "order-missing",
        "two steps may run together, and it matters which one is first",
        "Steps without an order between them must leave the same values whichever is first, and neither may change "
        "what the other one reads before, while or after it acts. For the two that are named an order rule is "
        "missing, or both want to set the same attribute: the plan is refused, for nobody can tell what it does.",
        "voice is closed and voice is opened, and no rule says which of them is first",
        "make the changes one after the other, each with a plan of its own (--target ADDRESS), and report the pair",
    ),
    CodeInfo(
        "OD2016",
        "lost-answers",
        "what people declared lost answers",
        "The plan is made as if it did not answer. That is how an outage is practised, and how people decide against a "
        "system that answers and does not work. The plan runs only when it is silent or behind a fence: what answers "
        "counts as ACTIVE, primary and deployed, and `apply` finds the plan stale.",
        "oceana-dr plan acme --operational dc2 --lost dc1, while Data Center 1 works",
        "leave --lost out where it works; fence it where it must stay out of service",
        severity=Severity.WARNING,
    ),
)
