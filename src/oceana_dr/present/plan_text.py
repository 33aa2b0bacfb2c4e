"""A plan as text for a terminal: what, why, how long and at what cost first, then every step.

In: a plan, the width and abilities of the terminal. Out: text that ends in a line feed.
It must never drop a step, a value or a finding, and never let a value's own characters drive the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator

from oceana_dr.estate.address import Address, below, side_of
from oceana_dr.estate.values import Unknown
from oceana_dr.plan.model import Plan
from oceana_dr.present.durations import about, age, moment
from oceana_dr.present.findings_text import finding_lines
from oceana_dr.present.layout import Word, dotted, hanging, length, words
from oceana_dr.present.pace import median_pace, point_of_no_return, slow_pace
from oceana_dr.present.phrases import STEADY, cause_text, counted, scenario_title, side_title, site_title
from oceana_dr.present.plan_steps import common_reason, reason_words, step_lines
from oceana_dr.present.plan_summary import channel_name, lost, safety, staying_closed, summary_lines
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

OBSERVED = "operator"
MOST_DARK = 5
LOST = "lost"


def render_plan(
    plan: Plan,
    *,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
    stale_since: str | None = None,
    saved: str | None = None,
) -> str:
    """The whole plan. `stale_since` says when, and by what, it went stale, if it has; `saved` is its file."""
    style = Style(ascii=ascii, color=colour)
    lines = [*_head(plan, style, width, stale_since)]
    if plan.refused:
        lines += ["", *finding_lines(plan.findings, style, width)]
    if plan.steps:
        lines += step_lines(plan, style, width, _seen(plan))
    if plan.findings and not plan.refused:
        lines += ["", *finding_lines(plan.findings, style, width)]
    if plan.steps:
        lines += ["", *summary_lines(plan, style, width, saved)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _head(plan: Plan, style: Style, width: int, stale_since: str | None) -> Iterator[str]:
    yield from hanging(_title(plan, style), width)
    if stale_since is not None:
        yield from hanging(words(style.text(f"stale since {stale_since}"), style.bad), width)
    if not plan.steps:
        yield from hanging(_checked(plan, style), width)
        return
    because, read = _because(plan, style), words(_read(plan), style.faint)
    if length(because) + length(read) + 4 <= width:
        gap = " " * (width - length(because) - length(read))
        yield " ".join(map(str, because)) + gap + " ".join(map(str, read))
    else:
        yield from hanging(because, width)
        yield from hanging(read, width)
    yield from hanging(_cost(plan, style), width)
    yield from _dark(plan, style, width)
    if plan.losses:
        parts = [Word(style.text(part), style.doubtful) for part in lost(plan)]
        parts[0] = Word(f"loses {parts[0].text}", style.doubtful)
        yield from hanging(dotted(parts, style), width)


def _title(plan: Plan, style: Style) -> list[Word]:
    dot = Word(style.sign(Sign.DOT))
    title = [Word(site_title(plan, style), style.strong), dot]
    to_side = side_title(plan, plan.to_side, style)
    if plan.undoes is not None:
        title += words("rollback of", style.strong)
    if plan.scenario != STEADY and (plan.steps or plan.undoes is None):
        moves = plan.from_side != plan.to_side
        arrow = f"{side_title(plan, plan.from_side, style)} {style.sign(Sign.ARROW)} {to_side}"
        return [
            *title,
            *words(style.text(scenario_title(plan.scenario)), style.strong),
            Word("") if moves else dot,
            Word(arrow if moves else f"{to_side} stays operational", style.strong),
        ]
    if plan.steps:
        number = counted(len(plan.steps), "change")
        return [*title, Word(number, style.strong), dot, Word(f"{to_side} stays operational")]
    said = "refused, no steps" if plan.refused else "nothing to do" if plan.undoes is None else "a run: nothing to undo"
    return [*title, Word(said, style.bad if plan.refused else style.good), dot, Word(f"{to_side} is operational")]


def _because(plan: Plan, style: Style) -> tuple[Word, ...]:
    if plan.undoes is not None:
        return words(style.text(f"because run {plan.undoes} is to be taken back"))
    if plan.scenario == STEADY:
        shared = common_reason(plan)
        if shared is not None:
            return reason_words(*shared, style)
        return words("because: see under each change", style.faint)
    cause = [item for item in plan.steps[0].cause if all(item in step.cause for step in plan.steps)][:1]
    if not cause:
        return words(f"what if operational were {plan.to_side}: no line of the site says so")
    return words(f"because {cause_text(cause, style)} operational: {plan.to_side}")


def _cost(plan: Plan, style: Style) -> tuple[Word, ...]:
    """For who reads no further: how long, what it costs callers, from where there is no way back."""
    fast = median_pace(plan)
    parts = [f"takes {about(fast.total)} (slow: {about(slow_pace(plan).total)})"]
    if plan.outage:
        ended = [channel for channel, found in plan.outage.items() if found.opened_by is not None]
        if ended:
            longest = max(ended, key=lambda channel: plan.outage[channel].p50_s)
            parts.append(f"callers turned away {about(plan.outage[longest].p50_s)} ({channel_name(longest)})")
        parts += [f"callers turned away: {text}" for text in staying_closed(plan)]
    last = point_of_no_return(plan)
    if plan.behind:
        parts.append(f"no way back: {plan.behind[0].step} is done already")
    elif last is not None:
        parts.append(f"no way back from {last.id}, {about(fast.start[last.id])} in")
    return dotted((Word(style.text(part), style.strong) for part in parts), style)


def _read(plan: Plan) -> str:
    """How the live state came about: systems, observations and how old the oldest of them is."""
    systems = {_system(item.address) for item in plan.live}
    observed = {_system(item.address) for item in plan.live if item.source == OBSERVED}
    seconds = plan.meta.get("read_ms")
    text = f"live state: {counted(len(systems), 'system')} read"
    if isinstance(seconds, int):
        text += f" in {seconds / 1000:.1f} s"
    text += f", {len(observed)} by observation"
    ages = [seconds for address, seconds in _ages(plan).items() if _system(address) in observed]
    return f"{text} (oldest {age(max(ages))})" if ages else text


def _checked(plan: Plan, style: Style) -> tuple[Word, ...]:
    compared = plan.meta.get("compared")
    values = f", {counted(compared, 'value')} compared" if isinstance(compared, int) else ""
    text = f"{_read(plan)}{values}"
    return words(style.text(f"{text}; {safety(plan)}."))


def _dark(plan: Plan, style: Style, width: int) -> Iterator[str]:
    dark = [(address, item.reason) for address, item in plan.initial.resources.items() if isinstance(item, Unknown)]
    if plan.lost:
        silent = sum(1 for address, _ in dark if below(address, plan.lost))
        text = f"declared lost: {', '.join(plan.lost)} ({counted(silent, 'resource')} that this plan looks at)"
        yield from hanging(words(style.text(text), style.doubtful), width)
        dark = [(address, reason) for address, reason in dark if reason != LOST]
    if dark:
        some = ", ".join(f"{address} ({reason})" for address, reason in dark[:MOST_DARK])
        more = f" and {len(dark) - MOST_DARK} more" if len(dark) > MOST_DARK else ""
        text = style.text(f"{style.sign(Sign.FAILED)} {len(dark)} not read: {some}{more}")
        yield from hanging(words(text, style.doubtful), width)


def _seen(plan: Plan) -> dict[str, str]:
    """By address, how old a person's observation was when the plan was made."""
    return {address: age(seconds) for address, seconds in _ages(plan).items()}


def _ages(plan: Plan) -> dict[Address, int]:
    times, made = plan.meta.get("observed_at"), moment(str(plan.meta.get("created_at", "")))
    if made is None or not isinstance(times, dict):
        return {}
    found: dict[Address, int] = {}
    for item in plan.live:
        when = moment(str(times.get(item.address, "")))
        if item.source == OBSERVED and when is not None:
            found[item.address] = int((made - when).total_seconds())
    return found


def _system(address: Address) -> str:
    side = side_of(address)
    return f"{side}/{address[len(side) + 1 :].partition('/')[0]}"
