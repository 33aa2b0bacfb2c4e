"""What a site does not want to hear of: its `silences`, matched with what the rules have found.

In: the located site, the outcomes that do not hold. Out: diagnostics, silenced ones with their reason, and what is
wrong with a silence. A rule that never may be silenced must never be, whatever reason is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from oceana_dr.catalogue.model import Catalogue
from oceana_dr.catalogue.rules import Rule, Subject
from oceana_dr.compile.rules.outcome import Outcome, diagnostic
from oceana_dr.diagnostics import Diagnostic, Fix, Severity
from oceana_dr.diagnostics.codes import ALL
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.merge import Path
from oceana_dr.source.removal import ITEM, KEY, in_brackets, whole_lines
from oceana_dr.source.text import split_lines

_PATH = "silences"


@dataclass(frozen=True, slots=True)
class Silence:
    """One entry of the list that has a rule's name and a reason; `path` is its own place."""

    path: Path
    rule: str
    at: str
    reason: str

    def covers(self, outcome: Outcome) -> bool:
        """Whether it speaks of this outcome's rule, and of a place that shows it."""
        if not names(self.rule, outcome.rule):
            return False
        return not self.at or any(f"{spot.path}.".startswith(f"{self.at}.") for spot in outcome.spots)


def read_silences(site: SiteView) -> tuple[Silence, ...]:
    """The entries that can be read; what is wrong with the others is said by the site language."""
    found = []
    for item in site.items(_PATH):
        rule, at, reason = (site.text((*item, key)) for key in ("rule", "at", "reason"))
        if rule and reason and reason.strip():
            found.append(Silence(item, rule, at or "", reason.strip()))
    return tuple(found)


def names(text: str, rule: Rule) -> bool:
    """Whether a text is the rule's code, in any case, or its id."""
    return text.upper() == rule.code or text == rule.id


def apply_silences(
    catalogue: Catalogue, site: SiteView, broken: Sequence[Outcome], told: frozenset[Subject]
) -> Iterator[Diagnostic]:
    """Diagnostics for what is broken, and for silences; `told` are the subjects that were evaluated in full."""
    rules = [rule for rule in catalogue.rules if not rule.held]
    usable: list[Silence] = []
    unused: list[tuple[Silence, Rule]] = []
    for silence in read_silences(site):
        rule = next((rule for rule in rules if names(silence.rule, rule)), None)
        problem = _unknown(silence, rules, site) if rule is None else _never(silence, rule, site)
        if problem is not None:
            yield problem
            continue
        usable.append(silence)
        if rule and rule.subject in told and not any(silence.covers(outcome) for outcome in broken):
            unused.append((silence, rule))
    fixes = _removals([silence.path for silence, _ in unused], site)
    for (silence, rule), fix in zip(unused, fixes, strict=True):
        yield _unused(silence, rule, site, fix)
    for outcome in broken:
        reason = next((silence.reason for silence in usable if silence.covers(outcome)), None)
        yield diagnostic(outcome, catalogue, reason)


def _unknown(silence: Silence, rules: Iterable[Rule], site: SiteView) -> Diagnostic:
    place = site.label((*silence.path, "rule"))
    if silence.rule.upper() in ALL:
        note = f"{silence.rule.upper()} speaks of files, types or references: what it finds is mended, not silenced"
        return Diagnostic("OD2091", f"{silence.rule} is not a domain rule", (place,), (note,), "remove this entry")
    known = [name for rule in rules for name in (rule.code, rule.id)]
    near = nearest(silence.rule, known)
    advice = f"did you mean `{near}`?" if near else "`oceana-dr catalogue rules` lists them"
    return Diagnostic("OD2091", f"there is no domain rule `{silence.rule}`", (place,), (), advice)


def _never(silence: Silence, rule: Rule, site: SiteView) -> Diagnostic | None:
    if rule.silenceable:
        return None
    return Diagnostic(
        "OD2092",
        f"{rule.code} ({rule.id}) may never be silenced",
        (site.label((*silence.path, "rule")),),
        (f"{rule.title}: no reason outweighs it",),
        f"remove this entry and mend what the rule finds; why: oceana-dr explain {rule.code}",
    )


def _unused(silence: Silence, rule: Rule, site: SiteView, fix: Fix | None) -> Diagnostic:
    where = f" at `{silence.at}`" if silence.at else ""
    return Diagnostic(
        "OD2093",
        f"{rule.code} ({rule.id}) finds nothing here{where}: this silence silences nothing",
        (site.label((*silence.path, "rule")),),
        ("left in place it would hide the next finding, which nobody has judged",),
        "remove this entry",
        Severity.WARNING,
        fix=fix,
    )


def _removals(unused: Sequence[Path], site: SiteView) -> Iterator[Fix | None]:
    """Each entry taken out; with the last of them their key. Not from the defaults: another site may need it there."""
    every = site.located.place((_PATH,))
    own = site.located.places[()][0].value.span.file if unused else ""
    text = site.texts.get(own)
    if every is None or every.key is None or every.key.file != own or text is None:
        yield from (None for _ in unused)
        return
    lines = split_lines(text)
    in_lines = not in_brackets(every.value, lines)
    if in_lines and len(unused) == len(tuple(site.items(_PATH))):
        span = whole_lines(lines, every.key, every.value, KEY)
        yield from (None if span is None else Fix(span, "", safe=False) for _ in unused)
        return
    for path in unused:
        item = site.located.place(path)
        span = whole_lines(lines, item.value.span, item.value, ITEM) if in_lines and item is not None else None
        yield None if span is None else Fix(span, "", safe=False)
