"""An automation gateway over HTTP: the contract of `schemas/gateway.openapi.json`, served by a lab too.

In: a transport, in-process or a socket. Out: a reader, a writer, the estate's clock.
It must never take silence for an answer: what was sent and not answered is in doubt.
"""
