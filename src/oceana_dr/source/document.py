"""One YAML file of the project: its bytes, its located tree, and what is wrong with it.

In: a path and the name to show for it. Out: a `Document`; never an exception for what the file holds.
It must never hide an error: a tree that could be built in part is handed on with its diagnostics.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oceana_dr.diagnostics import Diagnostic, Label, Span
from oceana_dr.source.factory_passwords import find_factory_passwords, masked
from oceana_dr.source.files import read_file
from oceana_dr.source.holes import Hole
from oceana_dr.source.node import Mapping
from oceana_dr.source.text import decode_text
from oceana_dr.source.yaml_tree import read_tree


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read once: `root` is None when it says nothing that can be used.

    `holes` are the parts that could not be read: what `root` lacks there is not missing.
    """

    file: str
    data: bytes
    text: str | None
    root: Mapping | None
    diagnostics: tuple[Diagnostic, ...]
    holes: tuple[Hole, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """The text by the file's name, if it could be decoded."""
        return {} if self.text is None else {self.file: self.text}


def read_document(path: Path, shown: str) -> Document:
    """Read and parse one file; `shown` is the name its spans carry."""
    data = read_file(path, shown)
    if isinstance(data, Diagnostic):
        return Document(shown, b"", None, None, (data,))
    text, problems = decode_text(data, shown)
    if text is None:
        return Document(shown, data, None, None, problems)
    tree = read_tree(text, shown)
    # On the text, too: a password is refused in comments and in files that are no YAML.
    found = (*masked(tree.diagnostics), *find_factory_passwords(text, shown, tree.root))
    if isinstance(tree.root, Mapping):
        return Document(shown, data, text, tree.root, found, tree.holes)
    if not tree.diagnostics:
        found = (no_mapping(empty=tree.root is None, shown=shown), *found)
    return Document(shown, data, text, None, found)


def no_mapping(*, empty: bool, shown: str) -> Diagnostic:
    """A file whose root is no mapping."""
    message = "the file is empty" if empty else "the file does not hold keys and values"
    return Diagnostic("OD1018", message, (Label(Span(shown, 1, 1, 1, 1)),), (), "begin with `schema: …`")
