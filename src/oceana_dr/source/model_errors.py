"""pydantic's errors → diagnostics with exact places and words for people.

In: a model class and merged data. Out: the model, or None, and one diagnostic for each error.
It must never show pydantic's wording, nor echo the value of a field that holds a secret.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from oceana_dr.diagnostics import Diagnostic, Fix, Label
from oceana_dr.source.merge import Data, Located, Path
from oceana_dr.source.misfit import Misfit
from oceana_dr.source.misplaced import explain_misplaced
from oceana_dr.source.site.shape import fields_of, model_at
from oceana_dr.source.site.types import FORMS

Model = TypeVar("Model", bound=BaseModel)

_YAML_11_WORDS: Final = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_WANTED: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a mapping (keys and values)",
    "model_type": "a mapping (keys and values)",
    "model_attributes_type": "a mapping (keys and values)",
    "tuple_type": "a list",
}
_SIZES: Final = {"string_too_short": "empty", "too_short": "empty", "string_too_long": "too long"}
_SHOWN_LENGTH: Final = 60


def validate(model: type[Model], located: Located) -> tuple[Model | None, tuple[Diagnostic, ...]]:
    """The model that the data describe, or None with everything that is wrong."""
    try:
        return model.model_validate(located.data), ()
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    misfits = [_misfit(model, located, detail) for detail in details]
    # A misspelt key is also missing under its right name: one slip is one error.
    meant = {(*item.path[:-1], _near_key(item)) for item in misfits if item.kind == "extra_forbidden"}
    return None, tuple(_reword(item) for item in misfits if item.kind != "missing" or item.path not in meant)


def _misfit(model: type[BaseModel], located: Located, detail: Any) -> Misfit:
    path: Path = tuple(part for part in detail["loc"] if part != "[key]")
    return Misfit(model, located, path, detail["type"], detail.get("ctx", {}), "[key]" in detail["loc"])


def _reword(misfit: Misfit) -> Diagnostic:
    return _secret(misfit) if misfit.is_secret else _WORDINGS.get(misfit.kind, _form)(misfit)


def _secret(misfit: Misfit) -> Diagnostic:
    return Diagnostic(
        "OD1141",
        f"`{misfit.name}` must be a reference to a secret, not the secret itself",
        (Label(misfit.value_span, "a value stands here"),),
        ("a definition is read by everybody who reviews it, and stays in git for ever",),
        "write env:NAME, file:PATH or command:…, and change the secret if it was real",
    )


def _unknown(misfit: Misfit) -> Diagnostic:
    span = misfit.key_span
    if misplaced := explain_misplaced(misfit.located, misfit.path, span):
        return misplaced
    near, known = _near_key(misfit), _known_keys(misfit)
    where = f" in `{misfit.path[-2]}`" if len(misfit.path) > 1 else ""
    advice = f"known here: {', '.join(known)}" if known else "remove it: nothing can be set here"
    if near is not None:
        advice = f"did you mean `{near}`?"
    fix = None if near is None else Fix(span, near, safe=False)
    return Diagnostic(
        "OD1101", f"the key `{_short(misfit.name)}` is not known{where}", (Label(span),), (), advice, fix=fix
    )


def _known_keys(misfit: Misfit) -> list[str]:
    parent = model_at(misfit.model, misfit.path[:-1])
    return [] if parent is None else list(fields_of(parent))


def _near_key(misfit: Misfit) -> str | None:
    """The key that was probably meant: the nearest one that does not stand there already."""
    siblings = misfit.located.at(misfit.path[:-1])
    free = [key for key in _known_keys(misfit) if not isinstance(siblings, dict) or key not in siblings]
    near = get_close_matches(misfit.name, free, n=1, cutoff=0.6)
    return near[0] if near else None


def _missing(misfit: Misfit) -> Diagnostic:
    where = f"`{misfit.path[-2]}`" if len(misfit.path) > 1 else "the file"
    found = misfit.diagnostic("OD1102", f"`{misfit.name}` is missing in {where}", advice=_example(misfit))
    place, own = misfit.parent_span, misfit.located.places[()][0].value.span.file
    # The key may belong into another file than the one that begins its mapping.
    notes = found.notes if place.file == own else (*found.notes, f"{own} needs it")
    return replace(found, labels=(Label(place, "in here" if len(misfit.path) > 1 else ""),), notes=notes)


def _example(misfit: Misfit) -> str | None:
    field = misfit.field
    return f"write, for example, `{misfit.name}: {field.examples[0]}`" if field is not None and field.examples else None


def _wrong_type(misfit: Misfit) -> Diagnostic:
    wanted, value = _WANTED[misfit.kind], misfit.value
    word = value.lower() if isinstance(value, str) else ""
    if misfit.kind == "bool_type" and word in _YAML_11_WORDS:
        return _yaml_11_word(misfit, _YAML_11_WORDS[word])
    quote = misfit.kind == "string_type" and isinstance(value, int | float)
    advice = _example(misfit) or ("put it in quotes" if quote else None)
    return misfit.diagnostic("OD1103", f"`{misfit.name}` must be {wanted}", f"this is {describe(value)}", advice=advice)


def _yaml_11_word(misfit: Misfit, right: str) -> Diagnostic:
    label = f"YAML 1.2 reads `{misfit.value}` as text"
    found = misfit.diagnostic("OD1118", f"`{misfit.name}` must be true or false", label, advice=f"write {right}")
    return replace(found, fix=Fix(misfit.span, right, safe=True))


def _not_one_of(misfit: Misfit) -> Diagnostic:
    if misfit.name == "release":
        label = "without quotes this is a number" if isinstance(misfit.value, float) else ""
        message = "this tool knows Oceana release 3.5 only"
        return misfit.diagnostic("OD1117", message, label, advice='write release: "3.5"')
    # pydantic names the literals only in its sentence: 'dc1' or 'dc2'.
    sentence = str(misfit.context.get("expected", ""))
    allowed = [item.strip("'") for item in sentence.replace(" or ", ", ").split(", ")]
    shown = f"`{_short(misfit.value)}`" if isinstance(misfit.value, str) else describe(misfit.value)
    near = get_close_matches(str(misfit.value), allowed, n=2, cutoff=0.6)
    if len(near) > 1:
        near = []  # between dc1 and dc2 nobody may guess
    advice = f"did you mean `{near[0]}`?" if near else f"write {' or '.join(allowed)}"
    found = misfit.diagnostic(
        "OD1104", f"`{misfit.name}` must be {' or '.join(allowed)}", f"this is {shown}", advice=advice
    )
    return replace(found, fix=Fix(misfit.span, near[0], safe=False)) if near else found


def _range(misfit: Misfit) -> Diagnostic:
    low, high = _bounds(misfit.field)
    if (low, high) == (1, 65535):
        label = "0 is no port" if misfit.value == 0 else ""
        return misfit.diagnostic("OD1107", f"`{misfit.name}` must be a port, from 1 to 65535", label)
    return misfit.diagnostic("OD1113", f"`{misfit.name}` must be from {low} to {high}")


def _bounds(field: FieldInfo | None) -> tuple[int, int]:
    low, high = 0, 0
    for item in field.metadata if field is not None else ():
        low = getattr(item, "ge", low)
        high = getattr(item, "le", high)
    return low, high


def _form(misfit: Misfit) -> Diagnostic:
    noun = f"the key `{_short(misfit.name)}`" if misfit.is_key else f"`{misfit.name}`"
    form = FORMS.get(str(misfit.context.get("pattern", "")))
    if form is None:
        message = f"{noun} is {_SIZES.get(misfit.kind, 'not valid here')}"
        return misfit.diagnostic("OD1116", message, advice=_example(misfit))
    return misfit.diagnostic(form.code, f"{noun} must be {form.noun}", advice=f"write, for example, {form.example}")


_WORDINGS: Final[dict[str, Callable[[Misfit], Diagnostic]]] = {
    "extra_forbidden": _unknown,
    "missing": _missing,
    "literal_error": _not_one_of,
    "greater_than_equal": _range,
    "less_than_equal": _range,
    **dict.fromkeys(_WANTED, _wrong_type),
}


def describe(value: Data) -> str:
    """What a value is, without showing it."""
    match value:
        case None:
            return "empty"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case tuple():
            return "a list"
        case _:
            return "a mapping"


def _short(text: object) -> str:
    shown = str(text)
    return shown if len(shown) <= _SHOWN_LENGTH else f"{shown[: _SHOWN_LENGTH - 1]}…"
