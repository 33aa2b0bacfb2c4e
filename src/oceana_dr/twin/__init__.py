"""What the estate does when it is acted on, or left alone: pure, from the catalogue's data.

In: a bound catalogue, an estate, an action or some seconds. Out: the states passed through, or a refusal.
The twin moves state and judges nothing: whether a state is safe is `safety`'s to say.
"""
