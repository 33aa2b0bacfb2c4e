"""What forbids a plan to run: the safety proof and everything else that must be said before.

In: a draft of a plan, the live estate. Out: findings, all of them at once, and the proven plan.
Pure: no clock, no files. A guard never changes a step: it lets a plan pass, warns, or refuses.
"""
