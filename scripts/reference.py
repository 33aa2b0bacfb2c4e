"""Writes `docs/reference/` from the program: commands, exit codes, diagnostics, settings, steps, file formats.

In: the code, the catalogue and the committed schemas. Out: one Markdown page a subject, the same bytes every time.
A test compares the pages with the program (`make goldens` writes them anew); nothing is edited by hand there.

    PYTHONPATH=src python scripts/reference.py
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import click

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import Lines, resource_type
from oceana_dr.cli.main import COMMANDS, app
from oceana_dr.diagnostics import errors
from oceana_dr.diagnostics.codes import ALL, CodeInfo
from oceana_dr.operations.schemas import schema_text
from oceana_dr.operations.tables import settings_table

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "reference"
WIDTH: Final = 100
NOTICE: Final = "<!-- Written by scripts/reference.py from the program; `make goldens` writes it anew. -->"

# What the plan file's schema leaves without words.
PLAN_WORDS: Final[Mapping[str, str]] = {
    "source.commit": "Commit of the site's files, or null outside of a repository.",
    "source.dirty": "Whether files were changed since that commit.",
    "source.digest": "Digest of the files that were read.",
    "site": "Name of the site.",
    "scenario": "What kind of plan it is; `steady` moves nothing.",
    "from": "The data centre that takes contacts before.",
    "to": "The data centre that takes contacts after; in a steady plan the same.",
    "desired_digest": "Digest of the desired state that was compiled.",
    "live[].address": "The resource.",
    "live[].fingerprint": "Fingerprint of what was read.",
    "live[].source": "How it was read.",
    "live[].attributes": "Attributes that make the plan stale if they have moved.",
    "phases[].id": "Which phase.",
    "phases[].title": "Its name for people.",
    "phases[].steps": "Ids of its steps.",
    "steps": "The steps, in an order in which they can be read.",
    "findings": "What speaks against the plan.",
    "findings[].id": "Name of the finding in this plan.",
    "findings[].code": "What `oceana-dr explain` knows it by.",
    "findings[].severity": "`refuse` means that the plan is not run.",
    "findings[].message": "What is the matter.",
    "findings[].overridable": "Whether a person may override it.",
    "owed": "What has to be done later; empty in this version.",
    "timers": "What runs out by itself; empty in this version.",
    "outage": "How long each channel turns contacts away, by channel.",
    "behind[].step": "Id of the step.",
    "behind[].irreversible": "Why there is no way back from it.",
    "outage.*.closed_by": "The step that closes the channel; null if it is closed when the plan begins.",
    "outage.*.opened_by": "The step that opens it again; null if it stays closed to the end of the plan.",
    "outage.*.p50_s": "Seconds at the median.",
    "outage.*.p95_s": "Seconds at the 95th percentile.",
    "proof": "The safety proof's figures.",
    "proof.checked": "How many invariants were checked.",
    "proof.not_applicable": "Invariants about what this site does not have.",
    "proof.attested": "Invariants that rest on a person's word.",
    "proof.states": "How many states were looked at.",
    "proof.violations": "How many invariants the plan breaks in some reachable state.",
    "proof.inherited": "Invariants that do not hold before the first step; all others that were checked hold.",
    "meta": "Times and the tool's version; not part of `id`.",
    "step.title": "What it does, in words.",
    "step.requires": "What is read right before the step, and must be so then.",
    "step.requires[].rule": "The invariant that says so.",
    "step.requires[].condition": "What must be so.",
    "step.requires[].waivable": "Whether two people may let the step go on without it, with a reason.",
    "step.driver": "Who does it: `gateway` or `operator`.",
    "step.estimate_s.p50": "At the median.",
    "step.estimate_s.p95": "At the 95th percentile.",
    "step.inverse.steps": "Actions, in order; empty if there is nothing to undo or no way to.",
    "step.inverse.none": "Why a rollback has nothing to do about this step, or null.",
    "step.cause[].file": "File, from the project's root.",
    "step.cause[].line": "Line, from 1.",
    "step.change.before": "Values as they are.",
    "step.change.after": "Values as they will be.",
    "step.change.reason": "Why: the file changed, the estate did, both, it was never applied, or the move needs it.",
    "step.instructions.console": "Where.",
    "step.instructions.clicks": "What to do there, one after the other.",
    "step.instructions.copy": "Labels and the values to copy.",
    "step.instructions.expect": "What is to be seen then.",
    "step.instructions.second_person": "Whether a second person has to confirm.",
    "action.with": "Its arguments.",
    "value.override": "With `value`: whether System Manager's Override box is ticked.",
    "value.value": "With `override`: the effective value.",
    "value.secret": "A reference to a secret, never the secret.",
    "value.unknown": "Why the value is not known: unreachable, never observed, absent …",
    "predicate.is": "An attribute, then the values it may have.",
    "predicate.at_most": "An attribute and the largest number it may be.",
    "predicate.same": "Two attributes that must be equal.",
    "predicate.all": "Conditions that all hold.",
    "predicate.any": "Conditions of which one holds.",
    "predicate.not": "A condition that does not hold.",
}

CLASSES: Final[Mapping[str, str]] = {
    "I": "sets a value; done again if it reads as not done",
    "R": "changes a role; done again if it reads as not done",
    "N": "cannot be repeated; never done again without a person's decision",
    "H": "a person's act by nature; asked again",
    "V": "waits, checks or signs off; repeated",
}
KINDS: Final[Mapping[str, str]] = {"set": "~", "run": "▶", "wait": "⏸", "confirm": "⏸", "check": "✓"}
COMMAND_CODES: Final[Sequence[tuple[str, str]]] = (
    ("`validate`", "1 for errors; 0 also with warnings"),
    ("`plan`, `rollback`", "0 made, also with steps; with `--detailed-exitcode` 2 where there are steps; 3 refused"),
    ("`show`", "0, however old the plan is"),
    ("`verify`", "0 holds; 3 does not; 1 for a file that is no whole plan"),
    (
        "`apply`",
        "0 done; 3, 4, 5, 6 or 8 as above. A plan that was run to its end: 0 if the estate still agrees, else 5",
    ),
    ("`drift`", "0 nothing; 2 for a difference or something unknown"),
)


def page(title: str, *parts: str) -> str:
    """A page: its title, the notice, its parts."""
    return "\n\n".join([f"# {title}", NOTICE, *(part.strip("\n") for part in parts)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def prose(text: str) -> str:
    """Text for Markdown: what would be markup is written so that it shows."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(part if part.startswith("`") else re.sub(r"([*_<\[\]])", r"\\\1", part) for part in parts)


def code(value: object) -> str:
    """A value as it would be typed."""
    return f"`{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}`"


def fence(text: str, language: str = "text") -> str:
    """A block that is only read."""
    return f"```{language}\n{text.rstrip()}\n```"


def manual(lines: Iterable[Sequence[int]]) -> str:
    """`315 (p. 12), 973-994 (p. 35)`."""
    pages = load_catalogue().page
    return ", ".join(
        f"{first}{f'-{last}' if last != first else ''} (p. {pages(first)})" for first, last in (pair for pair in lines)
    )


def _lines(data: Any) -> Lines:
    return tuple((int(first), int(last)) for first, last in data or ())


# ------------------------------------------------------------------------------------------------- the pages


def commands() -> str:
    """The help of every command."""
    return page(
        "Commands",
        "What `--help` says. Data goes to stdout, progress and diagnostics to stderr. Colours are used on a terminal "
        "only; `NO_COLOR` and `--no-color` turn them off. The project is looked for upwards from the current folder, "
        "or from `-C DIR`. State lies in `.oceana-dr/` beside `oceana-dr.yaml`; `OCEANA_DR_STATE` moves it. What each "
        "exit code means is in [Exit codes](exit-codes.md).",
        *_helps(),
    )


def _helps() -> Iterator[str]:
    root = click.Context(app, info_name="oceana-dr", terminal_width=WIDTH)
    yield f"## oceana-dr\n\n{fence(app.get_help(root))}"
    for name in COMMANDS:
        found = app.get_command(root, name)
        assert found is not None, name
        yield from _help(found, name, root, 2)


def _help(command: click.Command, name: str, parent: click.Context, level: int) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH)
    yield f"{'#' * level} {context.command_path}\n\n{fence(command.get_help(context))}"
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None, child
            yield from _help(found, child, context, level + 1)


def exit_codes() -> str:
    """Every exit code, from the tree of expected errors."""
    kinds: dict[int, list[str]] = {
        0: ["Done, or nothing to do."],
        2: ["Changes or drift are present (`plan --detailed-exitcode`, `rollback --detailed-exitcode`, `drift`)."],
    }
    kinds[1] = ["Bad input: every error of every file is shown at once.", "Bad usage: an unknown command or option."]
    for kind in vars(errors).values():  # in the order in which they stand there
        if inspect.isclass(kind) and issubclass(kind, errors.OceanaError):
            if kind in {errors.OceanaError, errors.InputRefused}:
                continue
            kinds.setdefault(kind.exit_code, []).append(inspect.getdoc(kind) or "")
    kinds[7] = ["Reserved for change windows; this version never ends with it."]
    rows = [(f"`{number}`", prose(" ".join(kinds[number]))) for number in sorted(kinds)]
    return page(
        "Exit codes",
        "One table for all commands. An error says on stderr what happened and what to do next.",
        table(("code", "means"), rows),
        "## By command",
        table(("command", "ends with"), COMMAND_CODES),
        "Every command ends with 1 for bad input, and `apply` with 4 after Ctrl-C. A run that ended with 4, 6 or 8 "
        "goes on when the same command is run again.",
    )


def diagnostics() -> str:
    """Every diagnostic code."""
    return page(
        "Diagnostics",
        f"The {len(ALL)} codes that `validate` and `plan` know. `oceana-dr explain CODE` shows the same on the "
        "terminal. A code never changes its meaning. Line numbers are those of the manual's text.",
        *(_diagnostic(info) for info in ALL.values()),
    )


def _diagnostic(info: CodeInfo) -> str:
    parts = [f"## {info.code}: {prose(info.title)}", f"*{info.severity.value}* · `{info.name}`"]
    parts += [prose(part) for part in info.explanation.split("\n\n")]
    parts += [
        f"{label}:\n\n{fence(example)}" for label, example in (("Wrong", info.wrong), ("Right", info.right)) if example
    ]
    if info.manual:
        parts.append(f"Manual: lines {manual(info.manual)}")
    return "\n\n".join(parts)


def settings() -> str:
    """Every attribute of the catalogue, by resource."""
    catalogue = load_catalogue()
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in settings_table(catalogue):
        rows.setdefault(str(row["address"]), []).append(cast("dict[str, Any]", row))
    kinds = [resource_type(cast("dict[str, Any]", dict(data))) for data in catalogue.resources]
    sections = []
    for kind in sorted(kinds, key=lambda item: item.address):
        cells = [
            (
                prose(row["attribute"]),
                code(row["setting"]) if row["setting"] else "",
                row["kind"],
                ", ".join(code(value) for value in row["allowed"]) or row["type"],
                row["write"],
                manual(row["manual"]),
            )
            for row in rows.pop(kind.address)
        ]
        head = ("attribute", "setting", "kind", "values", "written by", "manual")
        sections.append(f"## {code(kind.address)}\n\n{prose(kind.console['path'])}\n\n{table(head, cells)}")
    assert not rows
    return page(
        "Settings",
        f"Everything that the catalogue of Oceana {catalogue.release} knows of, by address: what is written on one "
        "console page in one act. `{dc}` stands for `dc1` and `dc2`, other braces for values of the site. "
        "`oceana-dr catalogue settings --format json` gives the same to programs; `oceana-dr explain ADDRESS` says "
        "what a value should be, and why.",
        "**Kinds.** *config*: follows from the site file and is kept. *lever*: changes during a move. *role*: who is "
        "ACTIVE, primary, running; only a scenario changes it. *observed*: read, never written.",
        *sections,
    )


def steps() -> str:
    """The planned switchover: steps, order rules with reasons, invariants; and the rules of steady plans."""
    catalogue = load_catalogue()
    scenario = catalogue.scenarios["planned-switchover"]
    phases = []
    for phase, title in scenario.phases:
        records = [cast("dict[str, Any]", dict(step)) for step in scenario.steps if step["phase"] == phase]
        head = ("id", "what", "address", "class", "by", "median, slow", "only with", "manual")
        phases.append(f"### {title}\n\n{table(head, [_step_row(record) for record in records])}")
    no_way_back = [
        (code(step["id"]), prose(str(step["irreversible"]))) for step in scenario.steps if step.get("irreversible")
    ]
    return page(
        "Steps, order and invariants",
        "From the catalogue. A plan holds only the steps that the site has and the estate still needs. `{from}` and "
        "`{to}` are the two data centres, other braces values of the site. `~` changes a value, `▶` runs a procedure, "
        "`⏸` waits or asks, `✓` checks.",
        "## Planned switchover",
        *phases,
        "**By**: *gateway* is the tool through an interface, *operator* a person at a console; a site's `drivers` may "
        "give a step to the other. **Class** decides what happens to a step that was under way when a run stopped:",
        table(("class", "a step that …"), [(f"`{name}`", text) for name, text in CLASSES.items()]),
        "## No way back",
        table(("step", "why"), no_way_back),
        "## Order",
        "Every step of *first* comes before every step of *then*. An id stands for its parts, too: `P12` is `P12.ucm`, "
        "`P12.uca` … A pair that no rule names may run side by side.",
        *(f"### {name}\n\n{_order_table(rules)}" for name, rules in sorted(catalogue.orders.items())),
        "## Invariants",
        "What must hold in every state that a plan can reach ([The safety proof](../explanation/safety-proof.md)).",
        table(
            ("id", "holds", "only with", "only in", "manual"),
            [
                (
                    item.id,
                    prose(item.title),
                    _topology(item.data.get("when")),
                    ", ".join(item.scenarios),
                    manual(item.manual),
                )
                for item in catalogue.invariants
            ],
        ),
    )


def _step_row(record: Mapping[str, Any]) -> tuple[str, ...]:
    estimate = record.get("estimate")
    return (
        code(record["id"]),
        f"{KINDS[record['kind']]} {prose(record['title'])}" + (" (two people)" if record.get("second_person") else ""),
        code(record["address"]),
        record["class"],
        _driver(record),
        f"{_minutes(estimate['p50'])}, {_minutes(estimate['p95'])}" if estimate else "as the site's TTL",
        _topology(record.get("when")),
        manual(_lines(record.get("manual"))),
    )


def _driver(record: Mapping[str, Any]) -> str:
    """As `plan.transition` finds it, for a site that names no drivers."""
    catalogue = load_catalogue()
    match record["kind"]:
        case "confirm":
            return "operator"
        case "wait" | "check":
            return "gateway"
        case "run":
            return str(catalogue.procedures[record["procedure"]]["driver"])
        case _:
            general = re.sub(r"\{(from|to)\}", "{dc}", record["address"])
            written = {str(item["address"]): str(item.get("write", "gateway")) for item in catalogue.resources}
            return str(record.get("driver", written[general]))


def _order_table(rules: Iterable[Any]) -> str:
    rows = [
        (code(rule.id), ", ".join(rule.first), ", ".join(rule.then), prose(rule.reason), manual(rule.manual))
        for rule in rules
    ]
    return table(("rule", "first", "then", "because", "manual"), rows)


def _topology(names: Any) -> str:
    facts = load_catalogue().topology
    found = []
    for name in names or ():
        bare = name.removeprefix("not ")
        assert bare in facts, name
        found.append(f"{'not ' if bare != name else ''}`{bare}`")
    return ", ".join(found)


def _minutes(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min" + (f" {rest} s" if rest else "")


def plan_file() -> str:
    """The plan file, from its schema."""
    schema = json.loads(schema_text("plan"))
    parts = [f"## The document\n\n{_properties(schema, '', PLAN_WORDS)}"]
    for name, title in (
        ("step", "A step"),
        ("action", "An action"),
        ("moment", "A moment"),
        ("predicate", "A condition"),
    ):
        definition = schema["$defs"][name]
        rows = [row for part in definition.get("oneOf", [definition]) for row in _rows(part, f"{name}.", PLAN_WORDS)]
        words = definition.get("description", "")
        parts.append("\n\n".join([f"## {title}", *([prose(words)] if words else []), _cut(rows, f"{name}.")]))
    value = schema["$defs"]["value"]
    parts.append(
        f"## A value\n\n{prose(value['description'])}\n\n{_cut(list(_rows(value, 'value.', PLAN_WORDS)), 'value.')}"
    )
    return page(
        "The plan file",
        prose(schema["description"]) + " The schema itself: `oceana-dr schema plan`. "
        "`oceana-dr verify` checks a file against it, its `id`, and the proof.",
        *parts,
    )


def site() -> str:
    """The site file, from its schema."""
    schema = json.loads(schema_text("site"))
    words = {
        key: str(schema["$defs"][part["$ref"].rpartition("/")[2]]["description"])
        for key, part in schema["properties"].items()
        if "$ref" in part
    }
    sections = [f"## The file\n\n{_properties(schema, '', words)}"]
    for name in _reached(schema):
        part = schema["$defs"][name]
        sections.append(f"## {name}\n\n{prose(part['description'])}\n\n{_properties(part, '', {})}")
    return page(
        "The site file",
        "`sites/SITE/site.yaml`, with what all sites share in `sites/defaults.yaml`: mappings are merged, and a "
        "site's own value wins. *Required* means that the site's own file must have it. Files are YAML 1.2; a "
        "duplicate key, a merge key (`<<`) and a key that is not known are errors. The schema itself: `oceana-dr "
        "schema site`; editors complete and hover from it through the first line of the example sites.",
        *sections,
    )


def _properties(schema: Mapping[str, Any], prefix: str, words: Mapping[str, str]) -> str:
    return _cut(list(_rows(schema, prefix, words)), prefix)


def _cut(rows: Sequence[tuple[str, str, str, str]], prefix: str) -> str:
    cells = [(code(key.removeprefix(prefix)), holds, needed, text) for key, holds, needed, text in rows]
    return table(("key", "holds", "required", "is"), cells)


def _rows(schema: Mapping[str, Any], prefix: str, words: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """One row a key; keys of nested objects follow theirs, `[]` for a list's items and `*` for a mapping's."""
    for key, part in schema.get("properties", {}).items():
        name = f"{prefix}{key}"
        text = str(part.get("description") or words.get(name) or "")
        yield name, _holds(part), "yes" if key in schema.get("required", ()) else "", prose(text) + _example(part)
        for inner in (part, *part.get("oneOf", ())):
            yield from _rows(inner, f"{name}.", words)
        for inner, mark in ((part.get("items"), "[]."), (part.get("additionalProperties"), ".*.")):
            if isinstance(inner, dict):
                yield from _rows(inner, f"{name}{mark}", words)


def _holds(part: Mapping[str, Any]) -> str:
    """What kind of value it is, in words."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        titles = {"step": "a-step", "value": "a-value", "action": "an-action", "moment": "a-moment"}
        titles |= {"predicate": "a-condition"}
        return f"[{name}](#{titles.get(name, name.lower())})"
    for choice in ("anyOf", "oneOf"):
        if choice in part:
            return " or ".join(_holds(item) for item in part[choice])
    if "const" in part:
        return code(part["const"])
    if "enum" in part:
        return ", ".join(code(value) for value in part["enum"])
    kind = part.get("type", "any value")
    return " or ".join(kind) if isinstance(kind, list) else _holds_type(kind, part)


def _holds_type(kind: str, part: Mapping[str, Any]) -> str:
    if kind == "array":
        return f"list of {_holds(part['items'])}" if "items" in part else "list"
    if kind == "object":
        inner = part.get("additionalProperties")
        inner = inner if isinstance(inner, dict) else next(iter(part.get("patternProperties", {}).values()), None)
        return f"mapping to {_holds(inner)}" if inner and "properties" not in part else "mapping"
    if kind == "integer" and "minimum" in part and "maximum" in part:
        return f"integer, {part['minimum']} to {part['maximum']}"
    return kind


def _example(part: Mapping[str, Any]) -> str:
    found = []
    if part.get("default") not in (None, [], {}):
        found.append(f"Default: {code(part['default'])}.")
    if part.get("examples"):
        found.append(f"For example {', '.join(code(value) for value in part['examples'])}.")
    return f" {' '.join(found)}" if found else ""


def _reached(schema: Mapping[str, Any]) -> list[str]:
    """Names of the definitions, each where a reader meets it first."""
    found: list[str] = []

    def look(part: Any) -> None:
        if isinstance(part, list):
            for item in part:
                look(item)
        elif isinstance(part, dict):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.append(name)
                look(schema["$defs"][name])
            for item in part.values():
                look(item)

    look(schema["properties"])
    return found


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "commands.md": commands,
    "diagnostics.md": diagnostics,
    "exit-codes.md": exit_codes,
    "plan-file.md": plan_file,
    "settings.md": settings,
    "site.md": site,
    "steps.md": steps,
}


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
