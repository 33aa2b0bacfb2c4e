"""Who approved a plan: every approval that is there, verified anew, counted against what the site asks for.

In: a project, a plan, the folder beside its file, a moment. Out: the count, with why each one counts or does not.
Whoever asks, it is the same answer: `apply` before it runs, `approve` before it keeps, `approvals` when it lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.ssh_keygen import Signers, Unproven, verify
from oceana_dr.guard.approvals import Ballot, People, Rule, Subject, Tally, approval_finding, tally
from oceana_dr.operations.authors import Authors, authors_of, uncommitted
from oceana_dr.operations.ballots import document_of, read_document, read_folder, signed_bytes
from oceana_dr.operations.governing import approval_rule, signers_of
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.codec import read_plan
from oceana_dr.plan.model import Finding, Plan
from oceana_dr.plan.select import STEADY
from oceana_dr.source.prepared import PreparedSite
from oceana_dr.source.project import DEFAULTS_FILE, PROJECT_FILE, Project
from oceana_dr.store.approvals import Approvals, Row
from oceana_dr.store.index import list_runs


@dataclass(frozen=True, slots=True)
class Paper:
    """An approval as it was found: where, and its bytes, which may be anything."""

    found: str
    document: bytes


@dataclass(frozen=True, slots=True)
class Review:
    """A plan and its approvals at a moment; `papers` are those that count, in the order of the count."""

    plan: Plan
    rule: Rule
    people: People
    authors: Authors
    count: Tally
    papers: tuple[Paper, ...]

    @property
    def approved(self) -> bool:
        """Whether nothing is missing."""
        return not self.count.missing

    def finding(self) -> Finding:
        """What is missing, for whoever wants to run the plan."""
        details = [f"does not count: {item.ballot.found}: {item.why}" for item in self.count.uncounted]
        note = f"Nobody can approve it: {self.authors.unknown}" if self.authors.unknown else ""
        return approval_finding(self.rule, self.count, self.people, note=note, details=details)

    def kept(self) -> tuple[Row, ...]:
        """The approvals that count, to be kept in the state."""
        rows = []
        for paper in self.papers:
            statement, signature = read_document(paper.document)
            rows.append(Row(self.plan.id, document_of(statement, signature), _stamp(statement.signed_at)))
        return tuple(rows)


def review(project: Project, site: PreparedSite, plan: Plan, beside: Path | None, at: datetime) -> Review:
    """Count the approvals in the state and beside the plan file; raises `OceanaError` where the state is not there."""
    needed = approval_rule(project, site).people > 0
    return count(project, site, plan, at, found_papers(project, plan, beside) if needed else ())


def found_papers(project: Project, plan: Plan, beside: Path | None, *, state: bool = True) -> tuple[Paper, ...]:
    """Every approval that is there, in the folder and, unless that is left aside, in the `state`."""
    rows = Approvals(state_of(project).database).of_plan(plan.site, plan.id) if state else ()
    kept = tuple(Paper(f"state/{row.digest[:16]}.json", row.document) for row in rows)
    files = () if beside is None else read_folder(beside)
    return (*kept, *(Paper(f"{beside.name if beside else ''}/{name}", document) for name, document in files))


def count(
    project: Project, site: PreparedSite, plan: Plan, at: datetime, papers: Sequence[Paper], *, always: bool = False
) -> Review:
    """Verify and count these approvals. Where the site asks for none, nothing is verified unless `always` it is."""
    rule = approval_rule(project, site)
    people = People(project.people, project.roles or {})
    asked = always or rule.people > 0
    authors = _authors(project, site, plan) if asked else Authors()
    ballots = tuple(_ballots(project, authors, papers, at)) if asked else ()
    subject = Subject(plan.id, plan.site, plan.scenario, authors.names)
    found = tally(rule, subject, [ballot for _, ballot in ballots], people, at)
    paper_of = {ballot.found: paper for paper, ballot in ballots}
    return Review(plan, rule, people, authors, found, tuple(paper_of[item.ballot.found] for item in found.counted))


def approved_before(project: Project, plan: Plan) -> Plan:
    """The plan of the site that somebody approved before this one; raises `OceanaError` if none is known here."""
    file = Approvals(state_of(project).database).plan_before(plan.site, plan.id)
    if file is None:
        raise OceanaError(
            f"no plan of {plan.site} was approved before this one, as far as this state knows",
            hint="compare it with a plan file: oceana-dr show plan.json --diff OLD.json",
        )
    return read_plan(file, "the plan that was approved before")


def _ballots(
    project: Project, authors: Authors, papers: Iterable[Paper], at: datetime
) -> Iterator[tuple[Paper, Ballot]]:
    signers = signers_of(project)
    why = authors.unknown or None
    seen: set[bytes] = set()
    for paper in papers:
        if paper.document in seen:
            continue
        seen.add(paper.document)
        if why is None:
            why = _unsettled(project, signers)
        yield paper, _verified(paper, signers, why, at)


def _verified(paper: Paper, signers: Signers, why: str, at: datetime) -> Ballot:
    try:
        statement, signature = read_document(paper.document)
    except ValueError as error:
        return Ballot(paper.found, None, problem=str(error))
    ballot = Ballot(paper.found, statement)
    proven = verify(signers, signed_bytes(statement), signature, at)
    if isinstance(proven, Unproven):
        return replace(ballot, problem=proven.why)
    return replace(ballot, principals=proven.principals, key=proven.key, problem=why)


def _unsettled(project: Project, signers: Signers) -> str:
    """Why the files that say whose approvals count do not count themselves: nobody has reviewed them."""
    files = [project.shown(path) for path in (signers.allowed, signers.revoked) if path is not None]
    changed = uncommitted(project.root, [PROJECT_FILE, *files])
    return f"{changed[0]} has changes that are not committed" if changed else ""


def _authors(project: Project, site: PreparedSite, plan: Plan) -> Authors:
    if _what_if(plan):
        return Authors(unknown=f"the plan is a what-if: no line of the site says that {plan.to_side} is operational")
    files = (project.shown(site.path), project.shown(project.sites_dir / DEFAULTS_FILE))
    return authors_of(project.root, plan.source, files, lambda: _applied(project, plan))


def _what_if(plan: Plan) -> bool:
    """Whether the side was chosen on the command line: each step of a move names the line that decides it."""
    if plan.scenario == STEADY or plan.undoes is not None or plan.from_side == plan.to_side or not plan.steps:
        return False
    return not any(all(item in step.cause for step in plan.steps) for item in plan.steps[0].cause)


def _applied(project: Project, plan: Plan) -> str | None:
    """The commit of the last plan that was applied at the site as a whole, if it is known."""
    try:
        state = state_of(project)
        for row in reversed(list_runs(state.database, plan.site)):
            if row.state == "finished" and row.plan != plan.id:
                place = state.runs.place(plan.site, row.run)
                past = read_plan(state.runs.plan_file(place), str(place.plan))
                if past.undoes is None:
                    return None if past.source.dirty else past.source.commit
    except OceanaError:
        return None  # what cannot be read adds nobody; the commit's own authors stay
    return None


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
