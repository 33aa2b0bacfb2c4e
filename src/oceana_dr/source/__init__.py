"""A user's YAML files → a located, merged, validated site.

In: a project folder (`oceana-dr.yaml`, `sites/…`). Out: `LoadedSite`, or diagnostics with exact places.
It must never know what a value means to Oceana's consoles: that is the catalogue's and the compiler's.
Importing this package loads nothing: `project` is cheap, `load` brings the YAML parser and pydantic.
"""
