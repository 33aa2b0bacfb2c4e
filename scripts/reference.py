"""Writes `docs/reference/` from the program: commands, exit codes, diagnostics, settings, steps, file formats.

In: the code, the catalogue and the committed schemas. Out: one Markdown page a subject, the same bytes every time.
A test compares the pages with the program (`make goldens` writes them anew); nothing is edited by hand there.

    PYTHONPATH=src:. python scripts/reference.py
"""

from __future__ import annotations

import inspect
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import click

from oceana_dr.catalogue.load import load_catalogue, load_rule_docs
from oceana_dr.catalogue.model import Lines, resource_type
from oceana_dr.catalogue.observances import load_coverage, load_observances
from oceana_dr.catalogue.rules import Rule, RuleDoc, Subject
from oceana_dr.catalogue.settings import Setting, load_settings
from oceana_dr.cli.main import COMMANDS, app
from oceana_dr.diagnostics import errors
from oceana_dr.diagnostics.codes import ALL, CodeInfo
from oceana_dr.operations.schemas import schema_text
from oceana_dr.operations.settings_table import setting_values, settings_table
from oceana_dr.present.coverage_text import STATES, WORDS
from scripts import artifacts_page

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
    "outage.*.closed_by": "The step that closes the channel.",
    "outage.*.opened_by": "The step that opens it again.",
    "outage.*.p50_s": "Seconds at the median.",
    "outage.*.p95_s": "Seconds at the 95th percentile.",
    "proof": "The safety proof's figures.",
    "proof.checked": "How many invariants were checked.",
    "proof.not_applicable": "Invariants about what this site does not have.",
    "proof.attested": "Invariants that rest on a person's word.",
    "proof.states": "How many states were looked at.",
    "proof.violations": "How many of them break an invariant.",
    "meta": "Times and the tool's version; not part of `id`.",
    "step.title": "What it does, in words.",
    "step.driver": "Who does it: `gateway` or `operator`.",
    "step.estimate_s.p50": "At the median.",
    "step.estimate_s.p95": "At the 95th percentile.",
    "step.inverse.steps": "Actions, in order; empty if there is nothing to undo or no way to.",
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
JSON_FIELDS: Final[Sequence[tuple[str, str]]] = (
    ("`code`, `name`", "the code, and its name for people"),
    ("`severity`", "`error` or `warning`"),
    ("`message`", "what is wrong, in one sentence"),
    (
        "`file`, `line`, `column`, `end_line`, `end_column`",
        "the place, the file from the project's root; null if it has none",
    ),
    ("`labels`", "list of places with a `text`: first the same place, then those it has to do with"),
    ("`notes`", "list of sentences that say why it matters"),
    ("`help`", "what to write instead, or null"),
    ("`fix`", "a place, its `replacement`, and whether it is `safe` (`--fix` writes it); or null"),
)
KINDS: Final[Mapping[str, str]] = {"set": "~", "run": "▶", "wait": "⏸", "confirm": "⏸", "check": "✓"}
COMMAND_CODES: Final[Sequence[tuple[str, str]]] = (
    ("`fmt`", "0 done; 1 for a file that does not parse; with `--check` or `--diff` 2 for a difference"),
    ("`import`", "0 done; 1 also if the estate breaks a rule; 2 done, but a plan would have something to do"),
    ("`validate`", "1 for errors; 0 also with warnings"),
    ("`plan`, `rollback`", "0 made, also with steps; with `--detailed-exitcode` 2 where there are steps; 3 refused"),
    ("`show`", "0, however old the plan is"),
    ("`verify`", "0 holds; 3 does not, also a file that is cut off or was edited; 1 for one that cannot be read"),
    (
        "`apply`",
        "0 done; 3, 4, 5, 6 or 8 as above. A plan that was run to its end: 0 if the estate still agrees, else 5",
    ),
    ("`drift`", "0 nothing; 2 for a difference or something unknown"),
)


SUBJECTS: Final[Mapping[Subject, str]] = {
    Subject.SITE: "looks at the files of a site",
    Subject.DESIRED: "looks at what a site compiles to, with either data centre in service",
    Subject.PLAN: "looks at the steps of a plan",
}


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
        2: [
            (
                "Changes or drift are present (`plan --detailed-exitcode`, `rollback --detailed-exitcode`, `drift`, "
                "`fmt --check`, `import`)."
            )
        ],
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
        "## As JSON",
        "`validate --format json` prints a list with an object for each diagnostic. Fields are added in time; none "
        "changes its meaning or goes away. Lines and columns count from 1, columns in code points; the end "
        "column is the one behind the last character. There is never a line of a file in it.",
        table(("field", "is"), JSON_FIELDS),
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


def rule_page(rule: Rule) -> str:
    """The page of one domain rule."""
    doc: RuleDoc = load_rule_docs()[rule.id]
    facts = [f"*{rule.severity.value}* · `{rule.id}` · {SUBJECTS[rule.subject]}"]
    if rule.when:
        facts.append(f"Only with: {', '.join(code(fact) for fact in rule.when)}.")
    if rule.scenarios:
        facts.append(f"Only in: {', '.join(code(name) for name in rule.scenarios)}.")
    if rule.held:
        facts.append(f"Reported as [{rule.code}](../diagnostics.md).")
    return page(
        f"{rule.code}: {prose(rule.title)}",
        *facts,
        f"## What it checks\n\n{prose(doc.checks)}",
        f"## Why it matters\n\n{prose(doc.why)}",
        f"## Wrong\n\n{fence(doc.wrong, 'yaml')}",
        f"## Right\n\n{fence(doc.right, 'yaml')}",
        f"## Silencing it\n\n{_silencing(rule, doc)}",
        f"Manual: lines {manual(rule.manual)}",
    )


def _silencing(rule: Rule, doc: RuleDoc) -> str:
    if not rule.silenceable:
        return "Never: no reason outweighs this rule."
    example = f"silences:\n  - rule: {rule.code}   # or {rule.id}\n    reason: who decided it, and why it is right here"
    return f"{prose(doc.silence)}\n\n{fence(example, 'yaml')}"


def rules_index() -> str:
    """All domain rules by code."""
    rows = [
        (
            f"[{rule.code}]({rule_file(rule)})",
            code(rule.id),
            prose(rule.title),
            rule.severity.value,
            rule.subject.value,
            "yes" if rule.silenceable else "never",
        )
        for rule in load_catalogue().rules
    ]
    return page(
        "Domain rules",
        f"The {len(rows)} rules of the manual that are checked: on the files of a site and on what they compile to "
        "(`oceana-dr validate`, and every command that reads a site), and on every plan (`oceana-dr plan`, "
        "`oceana-dr verify`). `oceana-dr explain CODE` shows a page on the terminal. A code never changes its meaning.",
        "A site that has a reason not to follow a rule writes it down under `silences`; a silence that silences "
        "nothing is reported, so that none stays longer than its reason.",
        table(("code", "rule", "what holds", "severity", "looks at", "may be silenced"), rows),
    )


def rule_file(rule: Rule) -> str:
    """The file of a rule's page, beside the index."""
    return f"{rule.code}-{rule.id}.md"


def settings() -> str:
    """Every setting that the manual names, by system."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in settings_table(load_catalogue(), load_settings()):
        rows.setdefault(str(row["setting"]), []).append(cast("dict[str, Any]", row))
    systems: dict[str, list[Setting]] = {}
    for item in load_settings():
        systems.setdefault(item.system, []).append(item)
    return page(
        "Settings",
        f"Every setting that the manual of Oceana {load_catalogue().release} names: {len(load_settings())}. "
        "`oceana-dr catalogue settings --format json` gives the same to programs; [Addresses](addresses.md) has "
        "them by console page, [The site file](site.md) says what the keys in braces mean.",
        "**Kinds.** *config*: declared and kept. *lever*: changes in a move. *input*: a fact of the site. *derived*: "
        "follows from other values. *artifact*: a file or object to make. *observed*: read, never written. "
        "*precondition*: has to hold. *data*: a data set. *selector*: the address of something.",
        "**Read**: *auto* by a program, *evidence* when a person looks and records what is there, *none* when there is "
        "nothing to read back. **Written**: *auto* by a program, *operator* by a person at the console, *none* not at "
        "all. **Values**: `{…}` is a key of the site, `-` that there is none there. What the manual does not state is "
        "marked: *inferred* from its text, or *silent* and decided here.",
        *(
            f"## {code(system)}\n\n" + "\n\n".join(_setting(item, rows[item.id]) for item in found)
            for system, found in sorted(systems.items())
        ),
    )


def _setting(item: Setting, rows: list[dict[str, Any]]) -> str:
    restart = "; ".join(f"{part.what}, {part.when} ({manual(part.manual)})" for part in item.restart)
    override = {"stated": "tick Override Default", "assumed": "tick Override Default; the manual does not say so"}
    where = [f"{row['address']}#{row['attribute']}" for row in rows if row["address"]]
    words = [
        ("label", code(item.label) if item.printed else f"{prose(item.label)} (not printed as a label)"),
        ("page", prose(item.section)),
        ("console", prose(item.console)),
        ("address", ", ".join(map(code, where))),
        ("kind, type", f"{item.kind}, {item.type}{', a secret' if item.secret else ''}"),
        ("allowed", ", ".join(code(value) for value in item.allowed)),
        ("override", override.get(item.override, "")),
        ("commit", prose(item.commit)),
        ("restart owed", restart),
        ("read, written", f"{item.read}, {item.write}"),
        *((f"{side} operational", _values(item, rows, side)) for side in ("dc1", "dc2")),
        ("site", ", ".join(code(key) for key in dict.fromkeys(key for row in rows for key in row["site"]))),
        ("manual", manual(item.manual)),
    ]
    lines = [f"- **{name}**: {text}" for name, text in words if text]
    return "\n".join([f"### {code(item.id)}", "", *([prose(item.note), ""] if item.note else []), *lines])


def _values(item: Setting, rows: list[dict[str, Any]], operational: str) -> str:
    values = setting_values(item, rows, operational)
    return "; ".join(f"{side} {code(value)}" for side, value in values.items())


def coverage() -> str:
    """What is done about every item of the manual."""
    titles = {"constraint": "Constraints", "defect": "Mistakes of the manual", "limitation": "Limitations"}
    titles |= {"procedure": "Procedures", "setting": "Settings"}
    rows = load_coverage()
    counts = Counter((row.kind, row.state) for row in rows)
    kinds = sorted(titles)
    asked = [
        (code(item.id), prose(item.title), prose(item.ask), manual(item.manual))
        for item in load_observances()
        if item.ask
    ]
    return page(
        "Coverage of the manual",
        "What is done about every setting, procedure, constraint, limitation and mistake of the manual; worked out "
        "from the records that name an id. `oceana-dr catalogue coverage --format json` gives the same to programs.",
        table(
            ("", *STATES, "all"),
            [
                (
                    titles[kind],
                    *(str(counts[kind, state]) for state in STATES),
                    str(sum(row.kind == kind for row in rows)),
                )
                for kind in kinds
            ],
        ),
        "\n".join(f"- **{state}**: {words}" for state, words in WORDS.items()),
        "## What a person is asked\n\n" + table(("constraint", "what holds", "question", "manual"), asked),
        *(
            f"## {titles[kind]}\n\n"
            + table(
                ("id", "state", "where"), [(code(row.id), row.state, row.where) for row in rows if row.kind == kind]
            )
            for kind in kinds
        ),
    )


def addresses() -> str:
    """Every attribute of the catalogue, by resource."""
    catalogue = load_catalogue()
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in settings_table(catalogue, load_settings()):
        if row["address"]:
            rows.setdefault(str(row["address"]), []).append(cast("dict[str, Any]", row))
    kinds = [resource_type(cast("dict[str, Any]", dict(data))) for data in catalogue.resources]
    sections = []
    for kind in sorted(kinds, key=lambda item: item.address):
        cells = [
            (
                prose(row["attribute"]),
                f"[{code(row['setting'])}](settings.md)" if row["setting"] else "",
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
        "Addresses",
        f"Everything that the catalogue of Oceana {catalogue.release} compares and writes, by address: what is written "
        "on one console page in one act. `{dc}` stands for `dc1` and `dc2`, other braces for values of the site. "
        "`oceana-dr explain ADDRESS` says what a value should be, and why; [Settings](settings.md) has each setting "
        "with its words, values and lines of the manual.",
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


def artifacts() -> str:
    """`artifacts.md`: what `compile` writes."""
    return page(
        "Files of compile",
        """`oceana-dr compile SITE` writes these files below `build/SITE`, or the folder that `-o` names. `<dc>` is
`dc1` or `dc2`. The same files of a site give the same bytes, on every machine. How to use them is in
[Use the artifacts](../how-to/use-the-artifacts.md).""",
        table(["path", "holds", "used by", "exists", "manual, pages"], artifacts_page.rows(ROOT)),
        """## What each file says about itself

Its first lines are comments: what it is for, which site and which side in service it was made for, the lines of the
site that decide it, the lines and pages of the manual, and who uses it. oceana-dr runs none of the scripts: a person
does. A script names where it runs, as whom, and whether it may be repeated. Routines, PowerShell and SQL print lines
that begin with `ODR|` and, at the end, a sentinel that begins with `ODR-END`: a run without it has failed.

A password stands in no file. Where one is needed there is the reference that the site has (`env:NAME`, `file:PATH`,
`command:…`), and the person or the wallet that has the password.

Each file is for one side in service. `--operational dc2` writes what would hold there, scripts that move included:
their direction is towards that side.

## The folder

The first `compile` into a folder wants it empty, or not there: artifacts are not mixed with other files. Later ones
replace what the manifest lists, remove what is no longer produced, and leave alone what people put beside it.""",
    )


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "artifacts.md": artifacts,
    "commands.md": commands,
    "diagnostics.md": diagnostics,
    "exit-codes.md": exit_codes,
    "plan-file.md": plan_file,
    "settings.md": settings,
    "addresses.md": addresses,
    "manual-coverage.md": coverage,
    "site.md": site,
    "steps.md": steps,
    "rules/index.md": rules_index,
    **{f"rules/{rule_file(rule)}": partial(rule_page, rule) for rule in load_catalogue().rules},
}


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(make(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
