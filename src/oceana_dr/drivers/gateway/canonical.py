"""What a console calls a value, and what we call it: True/true, Accept New Service/Accepting.

In: a value as a gateway delivers it, the attribute it stands in. Out: the canonical value.
It must never guess: a value that no word of the catalogue explains stays as it is, and shows as different.
"""

from __future__ import annotations

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.model import AttributeType
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Override, Unknown, Value


def canonical_resource(bound: BoundCatalogue, address: Address, found: Attributes | Unknown) -> Attributes | Unknown:
    """The resource with canonical labels and values."""
    resource = bound.resources.get(address)
    if resource is None or isinstance(found, Unknown):
        return found
    labels = {_plain(label): label for label in resource.attributes}
    attributes: dict[str, Value] = {}
    for label, value in found.items():
        known = label if label in resource.attributes else labels.get(_plain(label), label)
        attribute = resource.attributes.get(known)
        attributes[known] = canonical_value(attribute.type, value) if attribute else value
    return attributes


def canonical_value(kind: AttributeType, value: Value) -> Value:
    """The canonical form of one value."""
    match value:
        case Override(override=flag, value=inner):
            if not flag or inner is None:
                return Override(flag, None)
            return Override(flag, str(_word(kind, inner)))
        case bool() if kind.type in {"boolean-text", "override"}:
            text = "true" if value else "false"
            return Override(True, text) if kind.type == "override" else text
        case str() if kind.type == "integer" and value.strip().isdecimal():
            return int(value)
        case str():
            return _word(kind, value)
        case tuple() if kind.type in {"pairs", "override-pairs"}:
            return tuple(sorted(_pair(item) if isinstance(item, str) else str(item) for item in value))
        case _:
            return value


def _pair(text: str) -> str:
    """`name = value` with one blank on either side; a page that shows pairs has them in any order."""
    name, sign, value = text.partition("=")
    return f"{name.strip()} = {value.strip()}" if sign else text


def _word(kind: AttributeType, text: str) -> Value:
    if not kind.allowed or text in kind.allowed:
        return text
    spoken = {_plain(word): known for known, word in kind.words.items()}
    spoken |= {_plain(str(known)): str(known) for known in kind.allowed}
    return spoken.get(_plain(text), text)


def _plain(text: str) -> str:
    """Without case, blanks and hyphens: consoles differ in these from page to page."""
    return "".join(text.split()).replace("-", "").casefold()
