"""What the numbers of Oracle's errors mean here, and what to do about each.

In: codes. Out: sentences for people.
A number that is not in the table is told as it is, without a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

ADVICE: Final[Mapping[str, str]] = {
    "ORA-01017": "user or password is not accepted: see that the wallet, or `secret`, has the one of the password file",
    "ORA-01031": "this user may not: it needs SYSDG or SYSDBA, in the password files of both databases",
    "ORA-01034": "the instance does not run: start and mount it",
    "ORA-12154": "the alias is not in tnsnames.ora of where `dgmgrl` runs: set `connect` or `tns_admin`",
    "ORA-12514": "the listener does not know the database: start and mount its instance; for restarts it needs the"
    " static entry <DB_UNIQUE_NAME>_DGMGRL",
    "ORA-12528": "the instance lets nobody in by the listener: connect by its static entry <DB_UNIQUE_NAME>_DGMGRL",
    "ORA-12541": "no listener answers there: start it, or see that the port is open",
    "ORA-12543": "the host does not answer",
    "ORA-12545": "the host of the alias is not known",
    "ORA-12578": "the wallet cannot be opened: it needs auto-login for whoever runs `dgmgrl`",
    "ORA-16525": "the broker is not started: ALTER SYSTEM SET DG_BROKER_START=TRUE",
    "ORA-16532": "there is no broker configuration: oracle/configuration.dgmgrl of `compile` creates it",
    "ORA-16541": "the database is disabled in the configuration: reinstate it if ORA-16661 is said of it, else ENABLE"
    " DATABASE",
    "ORA-16558": "the database that should take over is no standby",
    "ORA-16600": "FAILOVER is sent to the standby that takes over: see that `connect` leads there",
    "ORA-16625": "the broker cannot reach the other database: see network, listener and instance",
    "ORA-16649": "the other database took over: this one does not open any more; leave it mounted, and reinstate it"
    " from the new primary",
    "ORA-16653": "the reinstatement failed: is the old primary mounted, and do its flashback logs reach back far"
    " enough? If they do not, make the standby anew",
    "ORA-16661": "the database was failed over from: reinstate it from the new primary before any other change of"
    " roles",
    "ORA-16664": "the broker of the other database gives no answer: see its alert log and drc log",
    "ORA-16766": "redo apply is stopped: EDIT DATABASE … SET STATE='APPLY-ON'",
    "ORA-16778": "redo is not sent to the other database: see network, listener and password file",
    "ORA-16795": "the database cannot be reinstated any more: make the standby anew",
    "ORA-16810": "SHOW DATABASE names the errors",
    "ORA-16817": "the target of fast-start failover is not synchronized: wait until it has all redo, or disable"
    " fast-start failover",
    "ORA-16853": "the lag is larger than its threshold: wait until the standby has caught up",
    "ORA-16855": "the lag is larger than its threshold: wait until the standby has caught up",
    "ORA-16857": "the standby has been cut off from the primary: see network and listener",
}

UNREACHABLE: Final = frozenset({"ORA-12541", "ORA-12543", "ORA-12545", "ORA-12170", "ORA-12535", "ORA-12606"})
"""What a database that was switched off says: nobody answers for it."""
DOWN: Final = frozenset({"ORA-01034", "ORA-12514", "ORA-12521", "ORA-12528"})
"""Its host answers, and the instance does not run."""
OLD_PRIMARY: Final = "ORA-16661"
TO_REBUILD: Final = "ORA-16795"


def advised(codes: Iterable[str]) -> str:
    """The codes, each with what to do where that is known."""
    return "; ".join(f"{code}: {ADVICE[code]}" if code in ADVICE else code for code in dict.fromkeys(codes))
