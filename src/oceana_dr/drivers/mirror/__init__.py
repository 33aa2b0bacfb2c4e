"""The Caché mirror of the Omnichannel Database, read on every server itself: `csession` and `powershell.exe`.

In: how to log in to the servers. Out: a reader, checks, and, for who switches it on, a writer.
A member must never be called what only another member says of it, where it could be asked itself.
"""
