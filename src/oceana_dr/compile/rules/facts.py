"""A site's facts for the predicates of rules: every binding, every value by its path, and each channel's flag.

In: the bindings of a site and the site. Out: texts by name. It must never name a secret's reference: predicates are
compared with an estate, and what they name is shown to people.
"""

from __future__ import annotations

from oceana_dr.catalogue.template import Bindings
from oceana_dr.compile.site_values import SiteValues

_FLAG = "flag."


class Facts(dict[str, str]):
    """Bindings first; `data_centers.dc2.ess.address` is the site's value there, and `flag.chat` what MaintenanceMode of
    the chat must be on the operational side."""

    def __init__(self, bindings: Bindings, site: SiteValues) -> None:
        super().__init__(bindings)
        self._site = site

    def __missing__(self, name: str) -> str:
        if name.startswith(_FLAG):
            state = self._site.value(f"channels.{name.removeprefix(_FLAG)}")
            return "true" if state == "draining" else "false"
        value = self._site.value(name)  # a `KeyError` for what is neither a binding nor a path
        if not isinstance(value, str | int):
            raise KeyError(name)
        return str(value).lower() if isinstance(value, bool) else str(value)
