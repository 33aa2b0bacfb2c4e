"""The vocabulary that every other part shares: addresses, values, estates, predicates, actions.

In: nothing. Out: frozen types and pure functions on them.
It must never know Oceana: what resources exist and what they mean is data of the catalogue.
"""
