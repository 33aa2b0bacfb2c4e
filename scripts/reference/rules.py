"""`rules/`: a page for each domain rule, and their index.

In: the rules of the catalogue with their words. Out: pages, named after code and id.
What a rule checks and why must never be told here: that stands with the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from oceana_dr.catalogue.load import load_catalogue, load_rule_docs
from oceana_dr.catalogue.rules import Rule, RuleDoc, Subject
from scripts.reference.markdown import code, fence, manual, page, prose, table

SUBJECTS: Final[Mapping[Subject, str]] = {
    Subject.SITE: "looks at the files of a site",
    Subject.DESIRED: "looks at what a site compiles to, with either data centre in service",
    Subject.PLAN: "looks at the steps of a plan",
}


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
