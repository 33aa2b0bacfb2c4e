"""What `doctor` found, as text: a block for each subject, as soon as it is known, and the verdict.

In: subjects with their checks. Out: text.
What is unknown must never look like what is good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from oceana_dr.present.layout import hanging, words, wrapped
from oceana_dr.present.phrases import counted
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

_ASPECT: Final = 16
_INDENT: Final = 3


class Check(Protocol):
    """One answer; `drivers.protocol.Check` is one."""

    @property
    def aspect(self) -> str: ...
    @property
    def health(self) -> str: ...
    @property
    def says(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def hint(self) -> str: ...


class Subject(Protocol):
    """Whoever was asked; `operations.doctoring.Subject` is one."""

    @property
    def name(self) -> str: ...
    @property
    def site(self) -> str: ...
    @property
    def checks(self) -> Sequence[Check]: ...
    @property
    def healthy(self) -> bool: ...


class DoctorText:
    """Renders for one terminal."""

    def __init__(self, *, width: int = 100, colour: bool = False, ascii: bool = False) -> None:  # noqa: A002
        self._width = width
        self._style = Style(ascii=ascii, color=colour)

    def heading(self, asked: Sequence[tuple[str, str]], within_s: float) -> str:
        """The first line, before anybody has answered."""
        text = f"asking {counted(len(asked), 'subject')}, for {within_s:g} s at most; nothing is changed"
        return self._style.faint(text) + "\n"

    def subject(self, found: Subject) -> str:
        """One block."""
        style = self._style
        name = f"{found.name} {style.sign(Sign.DOT)} {found.site}" if found.site else found.name
        lines = ["", style.strong(style.text(name))]
        said = {(check.health, check.says) for check in found.checks}
        if len(said) == 1 and found.checks[0].health == "none":
            sign, paint = _LOOKS["none"](style)
            lines.append(f"  {paint(sign)}  {style.faint(style.text(found.checks[0].says))}")
        else:
            for check in found.checks:
                lines += self._check(check)
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def verdict(self, subjects: Sequence[Subject]) -> str:
        """The last line: what is wrong, and with whom."""
        style, every = self._style, [check for item in subjects for check in item.checks]
        bad, unknown = (sum(check.health == kind for check in every) for kind in ("bad", "unknown"))
        ill = [f"{item.name} ({item.site})" if item.site else item.name for item in subjects if not item.healthy]
        if not ill:
            text, paint = f"all is well: {counted(len(subjects), 'subject')}", style.good
        else:
            counts = [f"{number} {kind}" for number, kind in ((bad, "bad"), (unknown, "unknown")) if number]
            text, paint = f"not all is well: {', '.join(counts)}; see {', '.join(ill)}", style.bad
        return "\n" + "\n".join(hanging(words(style.text(text), paint), self._width)) + "\n"

    def _check(self, check: Check) -> Iterator[str]:
        style = self._style
        sign, paint = _LOOKS[check.health](style)
        about = f"{check.about}: " if check.about else ""
        unknown = "unknown: " if check.health == "unknown" else ""
        head = f"{paint(sign)}{' ' * (_INDENT - len(sign))}{check.aspect!s:<{_ASPECT}}"
        said = words(style.text(f"{about}{unknown}{check.says}"), style.faint if check.health == "none" else str)
        indent = 2 + _INDENT + _ASPECT
        rows = wrapped(said, self._width, indent)
        yield f"  {head}{rows[0].lstrip()}" if rows else f"  {head}"
        yield from rows[1:]
        if check.hint and check.health in {"bad", "unknown"}:
            yield from wrapped(words(style.text(f"help: {check.hint}"), style.dim), self._width, indent)


_Paint = Callable[[str], str]
_LOOKS: Final[dict[str, Callable[[Style], tuple[str, _Paint]]]] = {
    "good": lambda style: (style.sign(Sign.CHECK), style.good),
    "bad": lambda style: (style.sign(Sign.FAILED), style.bad),
    "unknown": lambda style: ("?", style.doubtful),
    "none": lambda style: ("-", style.faint),
}
