"""A plan as a page: `page` puts it together, the others make its parts.

In: a plan. Out: one HTML file without scripts or requests.
Everything from people is escaped; nothing is shown that is not in the plan.
"""
