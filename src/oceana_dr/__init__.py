"""Plan and apply disaster recovery of an Avaya Oceana 3.5 contact centre.

The package is used through its command line (`oceana_dr.cli`) or through the use cases in
`oceana_dr.operations`. Importing it does nothing: no configuration is read, nothing is logged.
"""

__version__ = "0.1.0"
