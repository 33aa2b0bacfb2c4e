"""pydantic's errors → diagnostics with exact places and words for people.

In: a model class and merged data. Out: the model, or None, and one diagnostic for each error.
It must never show pydantic's wording, nor echo the value of a field that holds a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from oceana_dr.diagnostics import Diagnostic, Fix, Label
from oceana_dr.diagnostics.nearest import nearest, same_word
from oceana_dr.source.forms import plainly
from oceana_dr.source.holes import Hole, excused
from oceana_dr.source.known_keys import homes_of, keys_at, meant_key
from oceana_dr.source.merge import Data, Located, Path
from oceana_dr.source.misfit import Misfit
from oceana_dr.source.misplaced import explain_misplaced
from oceana_dr.source.site.types import FORMS
from oceana_dr.source.written import quoted, write_text

Model = TypeVar("Model", bound=BaseModel)

_YAML_11_WORDS: Final = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
# What they stand for where a key has words of its own; never sure: somebody may have meant another key.
_MEANT: Final = {"true": {"open"}, "false": {"draining", "Disabled", "Take No Action"}}
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
_NO_TEXTS: Final[Mapping[str, str]] = MappingProxyType({})


def validate(
    model: type[Model], located: Located, texts: Mapping[str, str] = _NO_TEXTS, holes: Iterable[Hole] = ()
) -> tuple[Model | None, tuple[Diagnostic, ...]]:
    """The model that the data describe, or None with everything that is wrong.

    With `texts`, the files as they were read, a diagnostic says how to mend the value where that is clear;
    what may stand in one of the `holes` is not missing.
    """
    try:
        return model.model_validate(located.data), ()
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    misfits = [_misfit(model, located, detail, texts) for detail in details]
    misfits = [item for item in misfits if not _in_a_hole(item, holes) and not _only_wrong_items(item)]
    # A misspelt key is also missing under its right name: one slip is one error.
    near = {item.path: _near_key(item) for item in misfits if item.kind == "extra_forbidden"}
    meant = {(*path[:-1], key) for path, key in near.items()}
    kept = (item for item in misfits if item.kind != "missing" or item.path not in meant)
    return None, tuple(_reword(item, near.get(item.path)) for item in kept)


def _in_a_hole(misfit: Misfit, holes: Iterable[Hole]) -> bool:
    empty = misfit.value is None or misfit.kind == "too_short"
    return excused(holes, misfit.path, absent=misfit.kind == "missing", empty=empty)


def _only_wrong_items(misfit: Misfit) -> bool:
    """Whether pydantic counts no item because each is wrong, which has been said of each."""
    return misfit.kind == "too_short" and isinstance(misfit.value, tuple) and len(misfit.value) > 0


def _misfit(model: type[BaseModel], located: Located, detail: Any, texts: Mapping[str, str]) -> Misfit:
    path: Path = tuple(part for part in detail["loc"] if part != "[key]")
    return Misfit(model, located, path, detail["type"], detail.get("ctx", {}), "[key]" in detail["loc"], texts)


def _reword(misfit: Misfit, near: str | None) -> Diagnostic:
    if misfit.kind == "extra_forbidden":
        return _unknown(misfit, near)
    return _secret(misfit) if misfit.is_secret else _WORDINGS.get(misfit.kind, _form)(misfit)


def _secret(misfit: Misfit) -> Diagnostic:
    return Diagnostic(
        "OD1141",
        f"`{misfit.name}` must be a reference to a secret, not the secret itself",
        (Label(misfit.value_span, "a value stands here"),),
        ("a definition is read by everybody who reviews it, and stays in git for ever",),
        "write env:NAME, file:PATH or command:…, and change the secret if it was real",
    )


def _unknown(misfit: Misfit, near: str | None) -> Diagnostic:
    span = misfit.key_span
    if misplaced := explain_misplaced(misfit.located, misfit.path, span):
        # What is derived is never needed here; still, it says what somebody wanted: shown, not written.
        line = misfit.whole_line if misplaced.code == "OD1042" else None
        return misplaced if line is None else replace(misplaced, fix=Fix(line, "", safe=False))
    where = f" in `{_mapping_name(misfit.path[:-1])}`" if len(misfit.path) > 1 else ""
    message = f"the key `{_short(misfit.name)}` is not known{where}"
    if near is not None:
        # Another spelling of the same word is the same key; any other would give the site a value it does not have.
        fix = Fix(span, near, safe=same_word(misfit.name, near))
        return Diagnostic("OD1101", message, (Label(span),), (), f"did you mean `{near}`?", fix=fix)
    if homes := homes_of(misfit.model, misfit.path):
        return Diagnostic("OD1101", message, (Label(span),), (), _go_home(misfit.name, homes))
    known = keys_at(misfit.model, misfit.path[:-1])
    advice = f"known here: {', '.join(known)}" if known else "remove it: nothing can be set here"
    return Diagnostic("OD1101", message, (Label(span),), (), advice)


def _mapping_name(path: Path) -> str:
    """The key of a mapping; for an item of a list the list's key."""
    return str(next(part for part in reversed(path) if isinstance(part, str)))


def _go_home(name: str, homes: tuple[str, ...]) -> str:
    if homes == ("",):
        return f"`{name}` belongs at the left edge of the file: check the indentation"
    places = " or ".join(f"`{home}`" if home else "the left edge of the file" for home in homes)
    return f"`{name}` is a key of {places}: move it there, or check the indentation"


def _near_key(misfit: Misfit) -> str | None:
    return meant_key(misfit.model, misfit.path, misfit.siblings)


def _missing(misfit: Misfit) -> Diagnostic:
    where = f"`{_mapping_name(misfit.path[:-1])}`" if len(misfit.path) > 1 else "the file"
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
    found = misfit.diagnostic(
        "OD1103", f"`{misfit.name}` must be {wanted}", f"this is {describe(value)}", advice=_example(misfit)
    )
    if (right := _retyped(misfit)) is None:
        return found
    shown = "put it in quotes" if misfit.kind == "string_type" else f"write {right}, without quotes"
    return replace(found, help=shown, fix=misfit.fix_as_written(right))


def _retyped(misfit: Misfit) -> str | None:
    """The same characters as the type that is wanted: a number as text, text as a number, true or false."""
    raw, value = misfit.raw, misfit.value
    if raw is None or misfit.is_secret:
        return None
    match misfit.kind, value:
        case "string_type", int() | float() if raw[:1] not in "&!*\"'":
            return quoted(raw)
        case "int_type", str() if re.fullmatch(r"0|[1-9][0-9]{0,8}", value):
            return value
        case "bool_type", str() if value.lower() in {"true", "false"}:
            return value.lower()
        case _:
            return None


def _yaml_11_word(misfit: Misfit, right: str) -> Diagnostic:
    label = f"YAML 1.2 reads `{misfit.value}` as text"
    found = misfit.diagnostic("OD1118", f"`{misfit.name}` must be true or false", label, advice=f"write {right}")
    return replace(found, fix=misfit.fix_as_written(right))


def _not_one_of(misfit: Misfit) -> Diagnostic:
    if misfit.name == "release":
        return _release(misfit)
    # pydantic names the literals only in its sentence: 'dc1' or 'dc2'.
    sentence = str(misfit.context.get("expected", ""))
    allowed = [item.strip("'") for item in sentence.replace(" or ", ", ").split(", ")]
    shown = f"`{_short(misfit.value)}`" if isinstance(misfit.value, str) else describe(misfit.value)
    near = nearest(misfit.value, allowed) if isinstance(misfit.value, str) else None
    near = near or _said_with_a_word(misfit.value, allowed)
    advice = f"did you mean `{near}`?" if near else f"write {' or '.join(allowed)}"
    found = misfit.diagnostic(
        "OD1104", f"`{misfit.name}` must be {' or '.join(allowed)}", f"this is {shown}", advice=advice
    )
    return replace(found, fix=misfit.fix(near, safe=same_word(str(misfit.value), near))) if near else found


def _said_with_a_word(value: Data, allowed: Iterable[str]) -> str | None:
    """The value that somebody means who writes `on`, `off`, `yes`, `no`, true or false, where it is one alone."""
    word = str(value).lower() if isinstance(value, bool | str) else ""
    meant = [item for item in allowed if item in _MEANT.get(_YAML_11_WORDS.get(word, word), ())]
    return meant[0] if len(meant) == 1 else None


def _release(misfit: Misfit) -> Diagnostic:
    label = "without quotes this is a number" if isinstance(misfit.value, float) else ""
    message = "this tool knows Oceana release 3.5 only"
    found = misfit.diagnostic("OD1117", message, label, advice='write release: "3.5"')
    return replace(found, fix=misfit.fix_as_written('"3.5"')) if misfit.raw == "3.5" else found


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
    pattern = str(misfit.context.get("pattern", ""))
    form = FORMS.get(pattern)
    if form is None:
        message = f"{noun} is {_SIZES.get(misfit.kind, 'not valid here')}"
        return misfit.diagnostic("OD1116", message, advice=_example(misfit))
    written = misfit.name if misfit.is_key else misfit.value
    meant = plainly(pattern, written) if isinstance(written, str) and not misfit.is_secret else None
    advice = (
        f"write, for example, {_own_example(misfit, pattern) or form.example}"
        if meant is None
        else f"did you mean `{meant[0]}`?"
    )
    found = misfit.diagnostic(form.code, f"{noun} must be {form.noun}", advice=advice)
    return found if meant is None else replace(found, fix=misfit.fix(meant[0], safe=meant[1]))


def _own_example(misfit: Misfit, pattern: str) -> str | None:
    """The field's own example, as YAML: a form is shared by fields that mean different things."""
    examples = misfit.field.examples if misfit.field is not None and not misfit.is_key else None
    fitting = (item for item in examples or () if isinstance(item, str) and re.fullmatch(pattern, item))
    return next((write_text(item, "") for item in fitting), None)


_WORDINGS: Final[dict[str, Callable[[Misfit], Diagnostic]]] = {
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
