"""One session of `dgmgrl`: log in, say something, leave; the commands go in by standard input, and nothing else does.

In: a login, commands of the broker. Out: `Said`, `Out` (nobody was logged in: nothing was done) or `Cut`.
A password must never stand in an argument or an environment, nor in what is handed back.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, assert_never

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.child import Bounds
from oceana_dr.drivers.dataguard.advice import DOWN, UNREACHABLE, advised
from oceana_dr.drivers.dataguard.text import begun, codes_of, lines_of, login_of, version_of
from oceana_dr.drivers.secret import Secret, resolve
from oceana_dr.drivers.ssh import Cause, Finished, LocalTarget, Lost, SshTarget, Target, Unreached, run
from oceana_dr.estate.values import SecretRef

_WORDS: Final = 300
# A quoted password of Oracle's has neither; another character would end the line or the word.
_NEVER: Final = frozenset('"\n\r\0')


@dataclass(frozen=True, slots=True)
class Login:
    """Where `dgmgrl` runs, and as whom it logs in to `connect`; without a user, by the wallet."""

    target: Target
    words: tuple[str, ...]
    connect: str
    user: str | None = None
    secret: SecretRef | None = None

    @property
    def wording(self) -> str:
        """The login as it is shown: without a password."""
        return f"CONNECT {self.user or ''}/@{self.connect}"


@dataclass(frozen=True, slots=True)
class Said:
    """It was logged in, and has ended by itself. `database`: which one let us in, where the version tells."""

    lines: tuple[str, ...]
    database: str | None
    privilege: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Out:
    """Nothing was done. `off`: nobody answers there, as of something that is switched off. `down`: no instance runs."""

    why: str
    hint: str = ""
    off: bool = False
    down: bool = False
    codes: tuple[str, ...] = ()
    version: str | None = None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """It was begun, and nobody knows how far it came."""

    why: str


Session: TypeAlias = Said | Out | Cut


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a session may last, and what ends it before."""

    seconds: float
    stop: threading.Event = field(default_factory=threading.Event)


def talk(login: Login, commands: Sequence[str], patience: Patience) -> Session:
    """Say the commands in one session, each once."""
    try:
        password = resolve(login.secret) if login.secret is not None else None
    except Unreadable as error:
        return Out(error.message, error.hint or "")
    if password is not None and _NEVER & set(password.reveal()):
        return Out("the password has a character that dgmgrl cannot be given: a quote or a line end")
    result = run(
        login.target, login.words, _script(login, password, commands), Bounds(patience.seconds, stop=patience.stop)
    )
    match result:
        case Finished():
            said = (result.stdout + b"\n" + result.stderr).decode("utf-8", "replace")
            return _heard(login, result.exit, password.hide(said) if password is not None else said)
        case Unreached(cause=cause, why=why, hint=hint):
            return Out(why, hint, off=cause is Cause.OFF, cause=cause)
        case Lost(why=why):
            return Cut(why)
        case _:
            assert_never(result)


def words_for(target: Target, program: str, variables: Sequence[tuple[str, str]]) -> tuple[Target, tuple[str, ...]]:
    """The command line of `dgmgrl` where it runs: in English, with what Oracle's programs find themselves by."""
    named = (("NLS_LANG", "AMERICAN_AMERICA.AL32UTF8"), *variables)
    match target:
        case LocalTarget():
            return LocalTarget(dict(named)), (program,)
        case SshTarget():
            return target, ("env", *(f"{name}={value}" for name, value in named), program)
        case _:
            assert_never(target)


def _script(login: Login, password: Secret | None, commands: Sequence[str]) -> bytes:
    who = "/" if password is None else f'{login.user}/"{password.reveal()}"'
    return "".join(f"{line};\n" for line in (f"CONNECT {who}@{login.connect}", *commands, "EXIT")).encode()


def _heard(login: Login, exit_code: int, text: str) -> Session:
    lines = lines_of(text)
    let_in, version = login_of(lines), version_of(lines)
    if let_in is not None or begun(lines):
        return Said(lines, *(let_in or (None, None)), version)
    codes = codes_of(lines)
    if version is None and exit_code != 0 and not codes:
        last = next((line for line in reversed(lines) if line.strip()), f"it ended with {exit_code}")
        return Out(f"dgmgrl does not run on {login.target}: {shown(last)}", "are `program` and `oracle_home` right?")
    if not codes:
        return Out(f"{login.wording} was not answered in a way that is known", version=version)
    return Out(
        f"{login.wording}: {advised(codes)}",
        off=bool(UNREACHABLE & set(codes)),
        down=bool(DOWN & set(codes)),
        codes=codes,
        version=version,
    )


def shown(line: str) -> str:
    """A line of an answer, short."""
    return line.strip()[:_WORDS]
