"""Oracle Data Guard of Avaya Analytics, by its broker's command line: roles, lag, switchover, failover, reinstatement.

In: two databases, how each is logged in to, where `dgmgrl` runs. Out: a reader, a writer, checks.
It must never send a change of roles twice, nor take for good what it cannot read.
"""
