"""The canonical text of a file, checked: it says the same, and holds the same comments.

In: text, the file's name, its model. Out: its canonical text, or every diagnostic of a file that does not parse.
A text that would say something else must never be handed on: it is refused, and the file stays as it is.
"""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel

from oceana_dr.diagnostics import InputRefused, OceanaError
from oceana_dr.source.document import no_mapping
from oceana_dr.source.formatter.order import order_page
from oceana_dr.source.formatter.read import comments_of, read_page
from oceana_dr.source.formatter.write import write_page
from oceana_dr.source.merge import merge_trees
from oceana_dr.source.node import Mapping
from oceana_dr.source.text import split_lines
from oceana_dr.source.yaml_tree import read_tree


def lay_out(text: str, file: str, model: type[BaseModel]) -> str:
    """The canonical text; line ends are those of the first line. Raises `InputRefused` if the text does not parse."""
    end = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    plain = "\n".join(split_lines(text))
    meaning = _meaning(plain, file)
    found = write_page(order_page(read_page(plain), model))
    if not _says(found, meaning) or _comments(found) != _comments(plain):
        raise OceanaError(
            f"{file} is left as it is: laid out, it would not say the same",
            hint="this is a defect of oceana-dr: please report it with the file",
        )
    return found.replace("\n", end)


def _says(text: str, meaning: str) -> bool:
    try:
        return _meaning(text, "") == meaning
    except InputRefused:
        return False


def _meaning(text: str, file: str) -> str:
    """What a text says, as one string: 1, 1.0 and true differ, the order of keys does not."""
    tree = read_tree(text, file)
    if tree.diagnostics:
        raise InputRefused(tree.diagnostics)
    if not isinstance(tree.root, Mapping):
        raise InputRefused((no_mapping(empty=tree.root is None, shown=file),))
    return _canonical(merge_trees((tree.root,)).data)


def _canonical(data: object) -> str:
    if isinstance(data, dict):
        return "{" + ",".join(f"{key!r}:{_canonical(data[key])}" for key in sorted(data)) + "}"
    if isinstance(data, tuple):
        return "[" + ",".join(map(_canonical, data)) + "]"
    return repr(data)


def _comments(text: str) -> Counter[str]:
    return Counter(item.text for item in comments_of(text))
