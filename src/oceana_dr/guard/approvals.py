"""Whether enough people approved exactly this plan: who counts, who does not and why, what is missing.

In: what a site asks for, statements whose signatures were checked, who made the change, a moment. Out: a tally.
Nothing here reads a key, a file or a clock, and nothing that a statement says of its signer is believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from oceana_dr.guard.findings import REFUSE
from oceana_dr.plan.model import Finding

APPROVAL: Final = "approval"
CODE: Final = "OD2027"
_SKEW: Final = timedelta(minutes=5)
"""By so much the clock of who signs may be ahead of that of who verifies."""


class People:
    """Which names are one person: principals of keys, mail addresses in git, names that plans are run under."""

    def __init__(self, people: Mapping[str, Sequence[str]], roles: Mapping[str, Sequence[str]]) -> None:
        self._names = {_plain(alias): name for name, aliases in people.items() for alias in (name, *aliases)}
        self._roles = {role: tuple(names) for role, names in roles.items()}

    def person(self, name: str) -> str:
        """Who that is; a name that nobody listed is a person of its own."""
        return self._names.get(_plain(name), _plain(name))

    def signer(self, principals: Sequence[str]) -> str:
        """Whose key that is which goes by all these names: somebody who is listed, before anybody who is not."""
        known = [self._names[_plain(name)] for name in principals if _plain(name) in self._names]
        return next(iter([*known, *map(_plain, principals)]), "")

    def has(self, person: str, role: str) -> bool:
        """Whether the person has the role."""
        return any(self.person(name) == person for name in self._roles.get(role, ()))

    def of_role(self, role: str) -> tuple[str, ...]:
        """Who has it, as the project names them."""
        return self._roles.get(role, ())


@dataclass(frozen=True, slots=True)
class Rule:
    """What a site asks for: so many people, among them so many of each role; how long an approval may last.

    `override_roles`: who may run a plan without them; nobody, if empty.
    """

    required: int
    roles: Mapping[str, int] = field(default_factory=dict)
    lasts: timedelta = timedelta(days=3)
    override_roles: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        """How many people it takes in all: each approves in one role."""
        return max(self.required, sum(self.roles.values()))


@dataclass(frozen=True, slots=True)
class Statement:
    """What was signed: the plan, its site and scenario, in which role (empty: in any they have), from when to when."""

    plan: str
    site: str
    scenario: str
    role: str
    signed_at: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Ballot:
    """An approval as it was found, with what its signature proves.

    `principals` (all the names of its key) and `key` (a fingerprint) are what the allowed signers file says, never what
    the approval says; `problem`: why its signature proves nothing. `found`: where it lies.
    """

    found: str
    statement: Statement | None
    principals: tuple[str, ...] = ()
    key: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """An approval that counts, and whose it is."""

    ballot: Ballot
    person: str
    role: str
    signed_at: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Uncounted:
    """An approval that does not count, and why."""

    ballot: Ballot
    why: str


@dataclass(frozen=True, slots=True)
class Missing:
    """So many people are missing, of a role or of any."""

    count: int
    role: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """The plan that is to be approved; `authors`: everybody who made the change, by every name that git has."""

    plan: str
    site: str
    scenario: str
    authors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tally:
    """The count. Nothing is missing: the plan is approved."""

    counted: tuple[Counted, ...]
    uncounted: tuple[Uncounted, ...]
    missing: tuple[Missing, ...]


def tally(rule: Rule, subject: Subject, ballots: Sequence[Ballot], people: People, at: datetime) -> Tally:
    """Count people, each once, whatever the number of their approvals and keys; each fills one role at most."""
    authors = frozenset(people.person(name) for name in subject.authors)
    sound: dict[str, list[tuple[Ballot, Statement]]] = {}
    against: list[Uncounted] = []
    for ballot in ballots:
        why, statement = ballot.problem or _misfit(rule, subject, ballot, at), ballot.statement
        person = people.signer(ballot.principals)
        if not why and authors & {person, *map(people.person, ballot.principals)}:
            why = f"{person} made the change, and does not approve it"
        if not why and statement is not None and statement.role and not people.has(person, statement.role):
            why = f"{person} does not have the role {statement.role}"
        if not why and any(person != other and ballot.key in _keys(sound[other]) for other in sound):
            why = "its key is counted already"
        if why or statement is None:
            against.append(Uncounted(ballot, why))
        else:
            sound.setdefault(person, []).append((ballot, statement))
    filled = _filled(rule, {person: _may_fill(rule, person, some, people) for person, some in sound.items()})
    counted = [_counted(person, some, filled.get(person, "")) for person, some in sound.items()]
    taken = {id(item.ballot) for item in counted}
    for person, some in sound.items():
        against += [Uncounted(it, f"{person} is counted already") for it, _ in some if id(it) not in taken]
    counted.sort(key=lambda item: (item.signed_at, item.person))
    return Tally(tuple(counted), tuple(against), tuple(_missing(rule, len(counted), tuple(filled.values()))))


def approval_finding(
    rule: Rule, found: Tally, people: People, *, note: str = "", details: Sequence[str] = ()
) -> Finding:
    """What is missing, as a finding of the plan; `note` is why it cannot be had, `details` what does not count."""
    have = f"{len(found.counted)} ({', '.join(item.person for item in found.counted)})" if found.counted else "none"
    need = "1 approval" if rule.people == 1 else f"{rule.people} approvals"
    text = f"the plan needs {need} and has {have}; missing: {missing_text(found.missing, people)}"
    return Finding(APPROVAL, CODE, REFUSE, f"{text}. {note}" if note else text, details=tuple(details))


def missing_text(missing: Sequence[Missing], people: People) -> str:
    """`1 by a change-manager (jane, omar), 1 by anybody else`."""
    said = []
    for item in missing:
        named = ", ".join(people.of_role(item.role))
        said.append(f"{item.count} by {item.role} ({named})" if item.role else f"{item.count} by anybody else")
    return ", ".join(said)


def _misfit(rule: Rule, subject: Subject, ballot: Ballot, at: datetime) -> str:
    """Why a statement is not about this plan at this moment; empty if it is."""
    statement = ballot.statement
    if statement is None:
        return "it holds no statement"
    if statement.plan != subject.plan:
        return f"it approves another plan ({statement.plan[:19]})"
    if (statement.site, statement.scenario) != (subject.site, subject.scenario):
        return f"it approves a plan of {statement.site} ({statement.scenario})"
    if statement.signed_at > at + _SKEW:
        return f"it was signed in the future ({_moment(statement.signed_at)})"
    if statement.expires <= at:
        return f"it expired {_moment(statement.expires)}"
    if statement.expires - statement.signed_at > rule.lasts:
        return f"it lasts longer than an approval may ({_span(rule.lasts)})"
    return ""


def _keys(some: Sequence[tuple[Ballot, Statement]]) -> set[str]:
    return {ballot.key for ballot, _ in some}


def _may_fill(rule: Rule, person: str, some: Sequence[tuple[Ballot, Statement]], people: People) -> list[str]:
    """The demanded roles that a person fills: one that they named, or each that they have where they named none."""
    named = {statement.role for _, statement in some}
    return [role for role in rule.roles if role in named or ("" in named and people.has(person, role))]


def _filled(rule: Rule, may: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Who fills which role, so that as many as possible are filled: whoever has two leaves the one to who has one."""
    slots = [(role, number) for role, most in rule.roles.items() for number in range(most)]
    holder: dict[tuple[str, int], str] = {}

    def place(person: str, tried: set[tuple[str, int]]) -> bool:
        for slot in slots:
            if slot[0] in may[person] and slot not in tried:
                tried.add(slot)
                if slot not in holder or place(holder[slot], tried):
                    holder[slot] = person
                    return True
        return False

    for person in may:
        place(person, set())
    return {person: role for (role, _), person in holder.items()}


def _counted(person: str, some: Sequence[tuple[Ballot, Statement]], role: str) -> Counted:
    """The approval that stands for a person: of those that fit the role the one that lasts longest."""
    fitting = [item for item in some if not role or item[1].role in {"", role}]
    ballot, statement = max(fitting, key=lambda item: (item[1].expires, item[0].found))
    return Counted(ballot, person, role or statement.role, statement.signed_at, statement.expires)


def _missing(rule: Rule, counted: int, filled: Sequence[str]) -> Iterator[Missing]:
    unfilled = 0
    for role, most in rule.roles.items():
        lack = most - filled.count(role)
        if lack > 0:
            unfilled += lack
            yield Missing(lack, role)
    if rule.required > counted + unfilled:
        yield Missing(rule.required - counted - unfilled)


def _plain(name: str) -> str:
    return name.strip().casefold()


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _span(span: timedelta) -> str:
    hours = int(span.total_seconds()) // 3600
    return f"{hours} h" if hours < 72 else f"{hours // 24} d"
