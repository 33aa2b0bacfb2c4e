"""The command line: one file a command, exit codes, wiring.

In: arguments. Out: text on stdout, progress on stderr, an exit code of the contract's table.
Starting fast is a feature: a command must never import what another command needs.
"""
