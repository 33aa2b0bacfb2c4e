"""Options of drivers: models of what may stand at `drivers.NAME` in oceana-dr.yaml.

In: plain data. Out: frozen models. Types for their fields are in `source.site.types`: durations, hosts, references to
secrets. A model must never hold a secret, only a `SecretRef`: options are shown.
"""

from __future__ import annotations

from oceana_dr.source.site.types import Part


class NoOptions(Part):
    """A driver with nothing to set."""
