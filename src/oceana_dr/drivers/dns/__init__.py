"""Names in the customer's DNS, by RFC 2136 with TSIG: read from every server, changed in one transaction.

In: a zone's views, each with a primary, its authoritative servers and a key. Out: a reader, a writer, checks.
It must never change what it did not find as expected: every update carries the old records as its condition.
"""
