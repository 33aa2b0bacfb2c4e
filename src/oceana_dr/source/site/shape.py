"""Looking things up in the models: which keys may stand at a path, and what they mean.

In: a model class and a path of keys. Out: its fields, or None if the models have no such path.
It must never look at a value: paths are answered for sites that do not have them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from oceana_dr.source.merge import Path
from oceana_dr.source.site.types import SecretMark


@cache
def fields_of(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The fields of a model by the key that stands in the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def shape_at(model: type[BaseModel], path: Path) -> Any:
    """The type at a path (a model class, a container, a plain type); raises `KeyError` if there is none."""
    here: Any = model
    for part in path:
        here = _inside(here, part)
    return here


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model whose keys stand at a path; None where no keys are prescribed."""
    try:
        here = shape_at(model, path)
    except KeyError:
        return None
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def field_at(model: type[BaseModel], path: Path) -> FieldInfo | None:
    """The field that a path ends in."""
    parent = model_at(model, path[:-1]) if path else None
    return None if parent is None else fields_of(parent).get(str(path[-1]))


def holds_secret(field: FieldInfo) -> bool:
    """Whether a field's value is a reference to a secret."""
    return _marked(field.metadata) or any(
        _marked(get_args(part)) for part in get_args(field.annotation) if get_origin(part) is Annotated
    )


def _marked(metadata: Iterable[Any]) -> bool:
    return any(isinstance(item, SecretMark) for item in metadata)


def _inside(here: Any, part: str | int) -> Any:
    if isinstance(here, type) and issubclass(here, BaseModel):
        return _bare(fields_of(here)[str(part)].annotation)
    origin, arguments = get_origin(here), get_args(here)
    if origin is tuple and isinstance(part, int):
        return _bare(arguments[0])
    if origin is dict and isinstance(part, str):
        return _bare(arguments[1])
    raise KeyError(part)


def _bare(annotation: Any) -> Any:
    """Without `Annotated` and without `| None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) is UnionType or str(get_origin(annotation)) == "typing.Union":
        return _bare(next(item for item in get_args(annotation) if item is not type(None)))
    return annotation
