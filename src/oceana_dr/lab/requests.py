"""Reading requests: names in paths, actions and values in bodies, each within bounds.

In: JSON of unknown origin. Out: typed values, or `BadRequest` with a sentence.
Nothing of a request may reach the catalogue's templates unchecked: a brace there would be a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from oceana_dr.estate.action import Action, RunProcedure, SetValues, action_from_json
from oceana_dr.estate.address import Address, BadAddress, Ref, parse_address, parse_ref
from oceana_dr.estate.values import Unknown, Value, from_json
from oceana_dr.lab.answers import BadRequest

_KEY: Final = re.compile(r"[A-Za-z0-9._/:@+-]{1,200}")
_NAME: Final = re.compile(r"[^\W_][\w .:@+'-]{0,99}")
_WORD: Final = re.compile(r"[A-Za-z0-9._:/-]{1,100}")
_MOST: Final = 200
_LARGEST_TOKEN: Final = 2**53

Query = Mapping[str, Sequence[str]]


def field(body: Any, name: str) -> Any:
    """A field of an object."""
    if not isinstance(body, dict):
        raise BadRequest(422, "the body is not a JSON object")
    if name not in body:
        raise BadRequest(422, f"the body has no `{name}`")
    return body[name]


def key_in(body: Any) -> str:
    """An operation's key."""
    key = field(body, "key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise BadRequest(422, "`key` is 1 to 200 letters, digits and ._/:@+-")
    return key


def person_in(body: Any, name: str) -> str:
    """Who acts."""
    who = field(body, name)
    if not isinstance(who, str) or not _NAME.fullmatch(who):
        raise BadRequest(422, f"`{name}` is a name: letters, digits, spaces and .:@+'- (100 at most)")
    return who


def token_in(body: Any) -> int | None:
    """The fencing token, if one was sent."""
    if not isinstance(body, dict) or "fencing_token" not in body:
        return None
    token = body["fencing_token"]
    if not isinstance(token, int) or isinstance(token, bool) or not 0 <= token < _LARGEST_TOKEN:
        raise BadRequest(422, "`fencing_token` is a number from 0 to 2^53 - 1")
    return token


def flag_in(body: Any, name: str, default: bool | None = None) -> bool:
    """A yes or no."""
    if default is not None and isinstance(body, dict) and name not in body:
        return default
    flag = field(body, name)
    if not isinstance(flag, bool):
        raise BadRequest(422, f"`{name}` is true or false")
    return flag


def action_in(body: Any) -> Action:
    """An action, its references and arguments checked."""
    try:
        action = action_from_json(field(body, "action"))
    except ValueError as error:
        raise BadRequest(422, f"`action` is not an action: {error}") from None
    match action:
        case SetValues(values=values):
            return SetValues(_values(values))
        case RunProcedure(procedure=procedure, arguments=arguments):
            words = (procedure, *arguments, *arguments.values())
            if len(arguments) > 20 or not all(_WORD.fullmatch(word) for word in words):
                raise BadRequest(422, "a procedure and its arguments are plain words")
            return action


def values_in(body: Any) -> Mapping[Ref, Value]:
    """Values by reference."""
    found = field(body, "values")
    if not isinstance(found, dict):
        raise BadRequest(422, "`values` is an object of references and values")
    try:
        return _values({Ref(name): from_json(value) for name, value in found.items()})
    except ValueError as error:
        raise BadRequest(422, f"`values`: {error}") from None


def addresses_in(query: Query) -> tuple[Address, ...] | None:
    """The addresses asked for; None for all."""
    try:
        return tuple(dict.fromkeys(parse_address(text) for text in query.get("address", ()))) or None
    except BadAddress as error:
        raise BadRequest(400, str(error)) from None


def _values(values: Mapping[Ref, Value]) -> Mapping[Ref, Value]:
    if not 0 < len(values) <= _MOST:
        raise BadRequest(422, f"one to {_MOST} values are set at once")
    try:
        checked = {parse_ref(reference): value for reference, value in values.items()}
    except BadAddress as error:
        raise BadRequest(422, str(error)) from None
    if any(isinstance(value, Unknown) for value in checked.values()):
        raise BadRequest(422, "nothing can be set to unknown")
    return checked
