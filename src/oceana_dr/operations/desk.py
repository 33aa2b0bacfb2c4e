"""The desk of a site: questions of its run that wait for people, claimed, handed over and answered from anywhere.

In: a project, a site, a step, who says what. Out: the questions as they stand then.
Nothing here touches the run: it takes an answer when it looks. An answer that the run would not take must not be
written down, and none to a question that its journal does not show as asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oceana_dr.diagnostics import OceanaError, Refused, Unreadable
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.drivers.contract import Answer, Question
from oceana_dr.drivers.operator.contract import CONFIRM, SKIP, answer_to_json, fault_of, question_from_json
from oceana_dr.estate.values import Json
from oceana_dr.operations.runs import PastRun, is_alive, latest_run
from oceana_dr.operations.stores import state_of
from oceana_dr.source.project import Project
from oceana_dr.store import board
from oceana_dr.store.board import LONGEST_CLAIM, SIGNING, Person, Posted
from oceana_dr.store.database import Database
from oceana_dr.store.machine import this_machine
from oceana_dr.store.personal import name_of, text_of
from oceana_dr.store.records import Asked, Claim, Finished, Note, Waiting


@dataclass(frozen=True, slots=True)
class Waits:
    """One question, and who has it claimed now; nobody, if that is empty."""

    posted: Posted
    question: Question
    holder: str

    @property
    def signing(self) -> bool:
        """Whether it is answered, and waits for its second person."""
        return self.posted.state == SIGNING


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits at a site's desk; `alive`: the process that asked is there, and takes an answer at once."""

    run: PastRun | None
    waiting: tuple[Waits, ...]
    alive: bool
    now: datetime | None = None

    def one(self, step: str) -> Waits:
        """The question of a step; raises `OceanaError` with what waits instead."""
        for item in self.waiting:
            if item.posted.step.casefold() == step.strip().casefold():
                return item
        names = [item.posted.step for item in self.waiting]
        near = nearest(step, names)
        listed = f"what waits: {', '.join(names)}" if names else "nothing waits for a person"
        raise OceanaError(f"{step} does not wait for a person", hint=f"did you mean {near}?" if near else listed)


def person(name: str) -> Person:
    """Who speaks, at this machine."""
    return Person(name, this_machine().host)


def desk_of(project: Project, site: str) -> Desk:
    """What waits for people at a site now; raises `InputRefused` for a site that never was."""
    past = latest_run(project, site)
    if past is None:
        return Desk(None, (), alive=False)
    return look_at_desk(state_of(project).database, past, alive=is_alive(project, past))


def look_at_desk(database: Database, past: PastRun, *, alive: bool) -> Desk:
    """What waits for people in a run."""
    found, now = board.questions(database, past.files.site, past.files.run)
    asked = _asked(past)
    waiting = tuple(
        Waits(item, _question(item), item.holder_at(now))
        for item in found
        if item.step.rpartition(" ")[2] in asked and item.state != board.ANSWERED
    )
    return Desk(past, waiting, alive, now)


def _question(item: Posted) -> Question:
    try:
        return question_from_json(item.question)
    except ValueError as error:
        raise Unreadable(
            f"the question at {item.step} cannot be read: {error}", hint="answer at the terminal of the run"
        ) from error


def claim_step(project: Project, site: str, step: str, name: str, length: timedelta) -> Waits:
    """Take a step for a while; raises `StateLocked` while somebody else has it."""
    if not timedelta() < length <= LONGEST_CLAIM:
        raise OceanaError("a claim lasts more than nothing and at most 4 hours", hint="--for 30m")
    desk, item = _item(project, site, step)
    for other, by in item.question.apart_from.items():
        if by.strip().casefold() == name.strip().casefold():
            raise Refused(f"{name} has confirmed {other}: somebody else has to confirm {item.posted.step}")
    return _as(desk, board.claim(state_of(project).database, item.posted, person(name), length), name)


def hand_over_step(project: Project, site: str, step: str, name: str, to: str) -> Waits:
    """Give a step to somebody else."""
    desk, item = _item(project, site, step)
    if not to.strip():
        raise OceanaError("it is handed over to somebody", hint="--to NAME")
    return _as(desk, board.hand_over(state_of(project).database, item.posted, person(name), to.strip()), to)


def release_step(project: Project, site: str, step: str, name: str) -> Waits:
    """Give a claim up."""
    desk, item = _item(project, site, step)
    return _as(desk, board.release(state_of(project).database, item.posted, person(name)), "")


def answer_step(project: Project, site: str, step: str, answer: Answer) -> Waits:
    """Answer a step, once. Where two people are needed and one speaks, it waits for the second to sign."""
    desk, item = _item(project, site, step)
    if answer.outcome == SKIP:
        raise Refused(
            f"{item.posted.step} is not skipped from here: what that gives up is worked out where the run is",
            hint="at the terminal of the run, or with --answers FILE",
        )
    whole = answer.outcome != CONFIRM or not item.question.second_person or bool((answer.second or "").strip())
    probe = answer if whole else replace(answer, second="somebody else than that")
    if fault := fault_of(probe, item.question):
        raise Refused(f"{item.posted.step}: the answer does not count: {fault}")
    database = state_of(project).database
    given = board.give(database, item.posted, person(answer.by), answer_to_json(answer), whole=whole)
    return _as(desk, given, answer.by)


def sign_step(project: Project, site: str, step: str, name: str) -> Waits:
    """Stand behind an answer as its second person."""
    desk, item = _item(project, site, step)
    return _as(desk, board.sign(state_of(project).database, item.posted, person(name)), name)


def note_step(project: Project, site: str, step: str, name: str, text: str) -> Waits:
    """Keep a remark with a step that waits; it changes nothing about it, whoever has it claimed."""
    desk, item = _item(project, site, step)
    if not text.strip():
        raise OceanaError("a note says something", hint=f"oceana-dr desk note {site} '{item.posted.step}' TEXT")
    posted = board.note(state_of(project).database, item.posted, person(name_of(name)), text_of(text))
    return _as(desk, posted, item.holder)


def _item(project: Project, site: str, step: str) -> tuple[Desk, Waits]:
    desk = desk_of(project, site)
    return desk, desk.one(step)


def _as(desk: Desk, posted: Posted, holder: str) -> Waits:
    return Waits(posted, desk.one(posted.step).question, holder)


def _asked(past: PastRun) -> frozenset[str]:
    """The steps whose last word in the journal is a question, or that nobody was there to answer it."""
    asked: set[str] = set()
    for entry in past.entries:
        record = entry.record
        if isinstance(record, Finished):
            return frozenset()
        if isinstance(record, Asked | Waiting):
            asked.add(record.step)
        elif not isinstance(record, Claim | Note):
            asked.discard(getattr(record, "step", ""))
    return frozenset(asked)


def desk_to_json(desk: Desk) -> dict[str, Json]:
    """The desk for programs and for `present`."""
    return {
        "site": desk.run.files.site if desk.run else None,
        "run": desk.run.files.run if desk.run else None,
        "running": desk.alive,
        "waiting": [waits_to_json(item) for item in desk.waiting],
    }


def waits_to_json(item: Waits) -> dict[str, Json]:
    """One question: who has it, until when, and the whole of what is asked."""
    posted = item.posted
    return {
        "step": posted.step,
        "title": item.question.title,
        "state": posted.state,
        "asked": posted.asked,
        "claimed_by": item.holder or None,
        "claimed_at": posted.place or None if item.holder else None,
        "claimed_until": posted.until.isoformat(timespec="seconds")[:19] + "Z" if item.holder else None,
        "second_person": item.question.second_person,
        "answer": dict(posted.answer) if posted.answer else None,
        "question": dict(posted.question),
    }
