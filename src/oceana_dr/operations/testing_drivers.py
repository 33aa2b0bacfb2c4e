"""The conformance kit for a driver by its name, with options from a file.

In: a driver's name, a YAML file of its options. Out: the kit's report; `InputRefused` with the places of wrong options.
No project is opened: a driver is tested, not an estate.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oceana_dr.conformance.kit import check_driver
from oceana_dr.conformance.report import Report
from oceana_dr.diagnostics import InputRefused
from oceana_dr.drivers.registry import find_driver, load_part

if TYPE_CHECKING:
    from pydantic import BaseModel


def options_from(name: str, path: Path) -> BaseModel:
    """The options of a file; raises `InputRefused`, `DriverMissing`."""
    from oceana_dr.source.document import read_document
    from oceana_dr.source.factory_passwords import masked
    from oceana_dr.source.merge import merge_trees
    from oceana_dr.source.model_errors import validate

    model: type[BaseModel] = load_part(find_driver(name).options)
    document = read_document(path, str(path))
    if document.root is None or document.diagnostics:
        raise InputRefused(document.diagnostics)
    found, problems = validate(model, merge_trees((document.root,)), document.texts, document.holes)
    if found is None:
        raise InputRefused(tuple(masked(problems)))
    return found


def run_kit(name: str, options: BaseModel | None) -> Report:
    """Test it."""
    return check_driver(name, options)
