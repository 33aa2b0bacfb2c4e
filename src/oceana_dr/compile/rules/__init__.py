"""The domain rules of a release, evaluated over a site: over its files, and over what they compile to.

In: located data of a site that may be broken, the valid site if it is one, the catalogue. Out: diagnostics.
A rule must never be written here: it is a record of the catalogue, in the vocabulary of `conditions`.
"""
