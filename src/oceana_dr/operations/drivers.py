"""The drivers that a project configures: there, and with options that they understand.

In: a project. Out: the project with what each driver serves; diagnostics at the lines of oceana-dr.yaml; options.
Nothing but declarations and options is loaded here, and of packages only what the project names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.diagnostics import Diagnostic, InputRefused, Label
from oceana_dr.drivers.registry import DriverMissing, find_driver, load_part
from oceana_dr.source.project import PROJECT_FILE, Project

if TYPE_CHECKING:
    from pydantic import BaseModel

    from oceana_dr.drivers.declaration import Driver
    from oceana_dr.source.merge import Located

_IN_THE_FILE: Final = frozenset({"gateway", "operator"})
"""Their options are part of the model of oceana-dr.yaml, and were checked with it."""


def with_offers(project: Project) -> Project:
    """The project that knows what its drivers serve; a driver that is missing is left to `driver_problems`."""
    offers: dict[str, tuple[str, ...]] = {}
    for name in project.drivers:
        try:
            found = find_driver(name)
        except DriverMissing:
            continue
        offers[name] = tuple(dict.fromkeys((*found.reads, *found.writes, *found.attests)))
    return replace(project, offers=offers)


def driver_problems(project: Project) -> tuple[Diagnostic, ...]:
    """What is wrong with `drivers` in oceana-dr.yaml: drivers that are not there, options they do not know."""
    others = [name for name in project.drivers if name not in _IN_THE_FILE]
    return tuple(found for name in others for found in _problems(project, name))


def check_drivers(project: Project) -> Project:
    """The project, whose drivers are all there; raises `InputRefused`."""
    if problems := driver_problems(project):
        raise InputRefused(problems)
    return with_offers(project)


def options_of(project: Project, name: str) -> BaseModel:
    """The options of a driver, defaults filled in; raises `InputRefused` with their places."""
    model = _model(find_driver(name))
    located = _located(project, name)
    if located is None:
        return model.model_validate(dict(project.drivers.get(name, {})))
    found, problems = _validated(model, name, located)
    if found is None:
        raise InputRefused(problems)
    return found


def _problems(project: Project, name: str) -> Iterator[Diagnostic]:
    try:
        model = _model(find_driver(name))
    except DriverMissing as missing:
        yield Diagnostic("OD1143", missing.message, _named(project, name), (), missing.hint)
        return
    located = _located(project, name)
    if located is not None:
        yield from _validated(model, name, located)[1]


def _model(driver: Driver) -> type[BaseModel]:
    model: type[BaseModel] = load_part(driver.options)
    return model


def _validated(model: type[BaseModel], name: str, located: Located) -> tuple[BaseModel | None, tuple[Diagnostic, ...]]:
    from pydantic import Field, create_model

    from oceana_dr.source.factory_passwords import masked
    from oceana_dr.source.model_errors import validate
    from oceana_dr.source.site.types import Part

    # As part of a mapping, so that what is said of a key says where it belongs.
    whole = create_model("Drivers", __base__=Part, own=(model, Field(alias=name)))
    found, problems = validate(whole, located)
    return None if found is None else getattr(found, "own"), tuple(masked(problems))  # noqa: B009 - made above


def _located(project: Project, name: str) -> Located | None:
    """The mapping with the driver's options alone, as it stands in the file; None where it is not written there."""
    from oceana_dr.source.merge import Located

    whole = _file(project)
    path = ("drivers", name)
    if whole is None or path not in whole.places:
        return None
    places: dict[Any, Any] = {key[1:]: item for key, item in whole.places.items() if key[:2] == path}
    return Located({name: whole.at(path)}, {(): whole.places["drivers",], **places})


def _named(project: Project, name: str) -> tuple[Label, ...]:
    whole = _file(project)
    place = None if whole is None else whole.place(("drivers", name))
    return () if place is None else (Label(place.key or place.span),)


def _file(project: Project) -> Located | None:
    from oceana_dr.source.document import read_document
    from oceana_dr.source.merge import merge_trees

    document = read_document(project.root / PROJECT_FILE, PROJECT_FILE)
    return None if document.root is None else merge_trees((document.root,))
