"""`manual-coverage.md`: what is done about every item of the manual.

In: the coverage that was worked out when the catalogue was built, and the observances. Out: one page.
A state must never be written here by hand.
"""

from __future__ import annotations

from oceana_dr.catalogue.errata import load_errata
from oceana_dr.catalogue.observances import load_coverage, load_observances
from oceana_dr.present.coverage_text import STATES, WORDS, by_severity, counts
from scripts.reference.markdown import code, manual, page, prose, table


def coverage_page() -> str:
    """What is done about every item of the manual."""
    titles = {"constraint": "Constraints", "defect": "Mistakes of the manual", "limitation": "Limitations"}
    titles |= {"procedure": "Procedures", "setting": "Settings"}
    rows = load_coverage()
    kinds = sorted(titles)
    of_kind = {kind: [row for row in rows if row.kind == kind] for kind in kinds}
    severities = {item.id: item.severity for item in load_errata()}
    counted = [(titles[kind], of_kind[kind]) for kind in kinds]
    counted += [(f"mistakes, {name}", found) for name, found in by_severity(of_kind["defect"], severities)]
    asked = [
        (code(item.id), prose(item.title), prose(item.ask), manual(item.manual))
        for item in load_observances()
        if item.ask
    ]
    return page(
        "Coverage of the manual",
        "What is done about every setting, procedure, constraint, limitation and mistake of the manual; worked out "
        "from the records that name an id. `oceana-dr catalogue coverage --format json` gives the same to programs. "
        "What each mistake is, and what is done instead: [Errata](../explanation/errata.md).",
        table(
            ("", *STATES, "all"),
            [(title, *map(str, counts(found))) for title, found in counted],
        ),
        "\n".join(f"- **{state}**: {words}" for state, words in WORDS.items()),
        "## What a person is asked\n\n" + table(("constraint", "what holds", "question", "manual"), asked),
        *(
            f"## {titles[kind]}\n\n"
            + table(("id", "state", "where"), [(code(row.id), row.state, row.where) for row in of_kind[kind]])
            for kind in kinds
        ),
    )
