"""What a person is asked and what counts as an answer.

In: a step, what reads now, a notice. Out: a `Question`; the fault of an answer, if it has one.
A question must say everything needed to act on it: the person may have nothing else in front of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from oceana_dr.drivers.contract import Answer, EvidenceFile, Question
from oceana_dr.estate.canonical import digest
from oceana_dr.estate.values import Json
from oceana_dr.plan.model import Kind, Step

CONFIRM: Final = "confirm"
FAIL: Final = "fail"
CANNOT: Final = "cannot"
SKIP: Final = "skip"
OUTCOMES: Final = (CONFIRM, FAIL, CANNOT, SKIP)
WAIVE: Final = "waive "
NO_WAY_BACK: Final = "There is no way back from here: "


def question_for(  # noqa: PLR0917 - each of them is said by its place in the run
    step: Step,
    read_back: Mapping[str, str],
    notice: str = "",
    confirmed: Mapping[str, str] = MappingProxyType({}),
    page: Callable[[int], int] | None = None,
    away: str = "",
) -> Question:
    """The question of a step; `notice` says what is special this time (an interruption, a time-out).

    `confirmed`: by step, who has confirmed it in this run. `page`: the manual's page of a line. `away`: when the run
    stood still, if it did and nobody has answered since.
    """
    told = step.instructions
    return Question(
        step=step.id,
        title=step.title,
        text=notice or _text(step),
        console=told.console if told else (step.address or ""),
        clicks=told.clicks if told else (),
        copy=told.copy if told else (),
        expect=told.expect if told else "",
        second_person=told.second_person if told else False,
        read_back=dict(read_back),
        apart_from={name: confirmed[name] for name in (told.apart_from if told else ()) if name in confirmed},
        pages="" if page is None else pages_of(step.manual, page),
        unread=bool(step.attested) or not (step.proven or step.condition is not None),
        away=away,
    )


def pages_of(lines: tuple[tuple[int, int], ...], page: Callable[[int], int]) -> str:
    """The manual's pages as people write them: `p. 36, 40-41`."""
    spans = sorted({(page(first), page(last)) for first, last in lines})
    return "p. " + ", ".join(str(one) if one == two else f"{one}-{two}" for one, two in spans) if spans else ""


def question_to_waive(step: Step, read_back: Mapping[str, str], rules: tuple[str, ...], unmet: str) -> Question:
    """The question whether a step is to be done although what must be so before it is not.

    Its answer has a name of its own: whoever confirms a step beforehand has not given anything up.
    """
    return Question(
        step=f"{WAIVE}{step.id}",
        title=f"waive {', '.join(rules)} for: {step.title}",
        text=f"{step.id} is not begun: {unmet}. Mend that and say `cannot` to stop here and run the same command again;"
        " or confirm, with the reason, that it is done all the same.",
        console=step.address or "",
        clicks=(),
        copy=(),
        expect="",
        second_person=True,
        read_back=dict(read_back),
        waives=rules,
    )


def fault_of(answer: Answer, question: Question) -> str | None:
    """Why this cannot count as an answer; None if it can."""
    if answer.outcome not in OUTCOMES:
        return f"the outcome {answer.outcome!r} is none of {', '.join(OUTCOMES)}"
    if not answer.by.strip():
        return "it does not say by whom"
    if answer.outcome == CONFIRM:
        return _fault_of_confirmation(answer, question)
    if answer.done_at or answer.done_by:
        return "only what is confirmed can have been done before"
    if answer.outcome == SKIP:
        return _fault_of_skip(answer, question)
    if answer.outcome == CANNOT and not (answer.observed.strip() or answer.reason.strip()):
        return "whoever cannot do it says why, as `observed`"
    return None


def _fault_of_confirmation(answer: Answer, question: Question) -> str | None:
    """Who may not confirm it, who has to as well, and what was done before it was asked for."""
    by, second = answer.by.strip(), (answer.second or "").strip()
    for step, name in question.apart_from.items():
        if by.casefold() == name.strip().casefold():
            return f"{by} has confirmed {step}: somebody else has to confirm {question.step}"
    if question.second_person:
        if not second:
            return "it needs a second person, and names none"
        if second.casefold() == by.casefold():
            return f"the second person must be somebody else than {by}"
    if question.waives and not answer.observed.strip():
        return f"whoever waives {', '.join(question.waives)} says why, as `observed`"
    if question.waives and answer.done_at:
        return "what is waived cannot have been done before"
    if bool(answer.done_by.strip()) != bool(answer.done_at.strip()):
        return "what was done from the paper runbook is confirmed with both `done_by` and `done_at`: by whom and when"
    return None


def _fault_of_skip(answer: Answer, question: Question) -> str | None:
    """A step is left out by two people, with a reason, who sign for every invariant that it touches."""
    if question.skip is None:
        return f"{question.step} is no step that could be skipped"
    found = question.skip()
    if found.barred:
        return f"{question.step} cannot be skipped: {found.barred}"
    second = (answer.second or "").strip()
    if not second:
        return "who skips needs a second person, and none is named"
    if second.casefold() == answer.by.strip().casefold():
        return f"the second person must be somebody else than {answer.by.strip()}"
    if not answer.reason.strip():
        return "whoever skips says why, as `reason`"
    if missing := [name for name in found.touches if name not in answer.waiver]:
        named = "; ".join(f"{name} {found.touches[name]}" for name in missing)
        return f"it is skipped only by who waives what it touches, as `waiver: [{', '.join(found.touches)}]`: {named}"
    return None


def question_digest(question: Question) -> str:
    """What stands in the journal for the question as it was shown.

    How long the run stood still is none of it: an answer that was given meanwhile answers the same question.
    """
    return digest({name: value for name, value in question_to_json(question).items() if name != "away"})


def question_to_json(question: Question) -> dict[str, Json]:
    """The question as other terminals get to see it."""
    return {
        "step": question.step,
        "title": question.title,
        "text": question.text,
        "console": question.console,
        "clicks": list(question.clicks),
        "copy": [list(pair) for pair in question.copy],
        "expect": question.expect,
        "second_person": question.second_person,
        "read_back": dict(question.read_back),
        "waives": list(question.waives),
        **({"apart_from": dict(question.apart_from)} if question.apart_from else {}),
        **({"pages": question.pages} if question.pages else {}),
        **({"unread": True} if question.unread else {}),
        **({"away": question.away} if question.away else {}),
    }


def question_from_json(data: Mapping[str, Any]) -> Question:  # Any: JSON that `question_to_json` has made
    """The inverse of `question_to_json`; raises `ValueError` for anything else.

    What leaving the step out would mean is known to the run alone.
    """
    try:
        return _question(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is no question: {error}") from error


def _question(data: Mapping[str, Any]) -> Question:  # Any: as above
    return Question(
        step=data["step"],
        title=data["title"],
        text=data["text"],
        console=data["console"],
        clicks=tuple(data["clicks"]),
        copy=tuple((name, value) for name, value in data["copy"]),
        expect=data["expect"],
        second_person=data["second_person"],
        read_back=data["read_back"],
        waives=tuple(data["waives"]),
        apart_from=data.get("apart_from", {}),
        pages=data.get("pages", ""),
        unread=data.get("unread", False),
        away=data.get("away", ""),
    )


def answer_to_json(answer: Answer) -> dict[str, Json]:
    """The answer as the journal keeps it; what is empty is left out."""
    said = {name: getattr(answer, name) for name in ("second", "reason", "observed", "evidence", "done_by", "done_at")}
    found: dict[str, Json] = {"outcome": answer.outcome, "by": answer.by.strip()}
    found |= {name: text for name, text in said.items() if text}
    if answer.waiver:
        found["waiver"] = list(answer.waiver)
    if answer.files:
        found["files"] = [{"path": one.path, "sha256": one.sha256, "size": one.size} for one in answer.files]
    return found


def answer_from_json(data: Mapping[str, Any]) -> Answer:  # Any: JSON that `answer_to_json` has made
    """The inverse of `answer_to_json`."""
    said = {name: str(data.get(name, "")) for name in ("observed", "evidence", "reason", "done_by", "done_at")}
    files = tuple(EvidenceFile(one["path"], one["sha256"], one["size"]) for one in data.get("files", ()))
    waiver = tuple(data.get("waiver", ()))
    return Answer(str(data["outcome"]), str(data["by"]), data.get("second"), waiver=waiver, files=files, **said)


def _text(step: Step) -> str:
    back = f" {NO_WAY_BACK}{step.irreversible}." if step.irreversible else ""
    match step.kind:
        case Kind.WAIT if step.action is None:
            return f"Wait until you see that this is so, then confirm.{back}"
        case Kind.CONFIRM | Kind.CHECK:
            return f"See to it that this is so, then confirm.{back}"
        case Kind.SET | Kind.RUN | Kind.WAIT:
            return f"Do this now, then confirm what you see.{back}"
