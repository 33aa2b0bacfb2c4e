"""What a run leaves behind: its journal, and the small database of the state folder.

In: records of the runner, baselines, locks, observations. Out: the same, checked when read again.
Nothing here may keep a secret, and nothing that was not written whole may be believed.
"""
