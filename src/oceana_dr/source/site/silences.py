"""Domain rules that a site does not want to hear of, each with the reason.

In: the list `silences`. Out: frozen models.
A silence must never be without a reason: whoever reviews it later has nothing else to judge it by.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from oceana_dr.source.site.types import REASON_PATTERN, RULE_PATTERN, Part, Text

Reason = Annotated[str, StringConstraints(pattern=REASON_PATTERN, max_length=500)]
RuleName = Annotated[str, StringConstraints(pattern=RULE_PATTERN)]


class Silence(Part):
    """One rule that is not to be reported here."""

    rule: RuleName = Field(description="Code or id of the rule.", examples=["OD2182", "dns-effect-delay"])
    at: Text | None = Field(
        None, description="Only where the rule speaks of this path, or of one inside it.", examples=["data_centers.dc2"]
    )
    reason: Reason = Field(
        description="Why the rule does not count here, for whoever reads it in a year.",
        examples=["The provider keeps names for 5 minutes whatever we say; ticket NET-114."],
    )
