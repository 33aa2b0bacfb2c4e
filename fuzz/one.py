"""One target under the coverage-guided fuzzer, in a process of its own: `python -m fuzz.one TARGET [FLAG…]`.

In: a target's name. Out: libFuzzer's lines on stderr, findings as files.
It must never be imported: it instruments what is imported after it.
"""

from __future__ import annotations

import random
import sys

import atheris

with atheris.instrument_imports(include=["oceana_dr"], enable_loader_override=False):
    from fuzz.mutations import mutate, mutate_json
    from fuzz.targets import TARGETS

_JSON = {"plan", "snapshot"}


def main() -> None:
    """Run until told to stop, or until the first finding."""
    name = sys.argv.pop(1)
    change = mutate_json if name in _JSON else mutate

    def mutator(data: bytes, limit: int, seed: int) -> bytes:
        chance = random.Random(seed)
        # Half of the changes know the form, the other half know nothing: each finds what the other cannot.
        made = change(data, chance) if chance.random() < 0.5 else atheris.Mutate(data, limit)
        return bytes(made[:limit])

    atheris.Setup(sys.argv, TARGETS[name], custom_mutator=mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
