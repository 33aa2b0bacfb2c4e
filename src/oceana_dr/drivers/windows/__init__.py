"""Windows services, their recovery options and Nav360Config.xml, by PowerShell over OpenSSH.

In: the names of the site's servers, a login. Out: a reader, a writer, checks.
It must never read words that Windows translates, nor put a value into the code that is run there.
"""
