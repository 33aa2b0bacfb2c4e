"""Whether a driver keeps to the protocol, for `oceana-dr driver-test NAME` and for tests of its own package.

In: a declaration, options for its trial (or None). Out: `kit.check_driver` gives a `report.Report`.
Whatever could not be tested must be said, and never count as passed.
"""
