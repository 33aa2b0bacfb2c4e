"""`oceana-dr schema NAME`: a JSON Schema on stdout.

In: a name. Out: the schema's text as it ships.
It must never be generated here: what ships is what was reviewed.
"""

from __future__ import annotations

import click

from oceana_dr.cli.project import emit


@click.command("schema")
@click.argument("name", required=False)
def schema_command(name: str | None) -> int:
    """Print a JSON Schema; without a name, the names there are."""
    from oceana_dr.operations.schemas import schema_names, schema_text

    emit(schema_text(name) if name else "\n".join(schema_names()))
    return 0
