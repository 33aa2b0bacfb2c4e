"""Commands as processes of their own, forked from one that has loaded the program already.

In: arguments, folder, environment. Out: what `subprocess.run` gives. Most of a short command is the interpreter's
start, imports and the catalogue: paid once here, not for each of a thousand commands. A fork is a process all the
same, with its own folder, environment, streams, locks and end. What the start itself is about must never come here.
"""

from __future__ import annotations

import atexit
import gc
import io
import json
import os
import resource
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Final, NoReturn

ROOT: Final = Path(__file__).parents[1]
STARTED_WITH: Final = {"PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error", "LANG": "C.UTF-8"}
_LOOKED_AT: Final = ("PYTHON", "LANG", "LC_", "LD_", "TZ")
"""What an interpreter looks at when it starts: a command with other values of these has to have its own."""
NO_LIMITS: Final[Mapping[int, int]] = {}
_LIMIT_S: Final = 120
_SIZE: Final = 8


def fits(environment: Mapping[str, str]) -> bool:
    """Whether a process that starts with this environment would be as the one that is forked."""
    told = {name: value for name, value in environment.items() if name.startswith(_LOOKED_AT)}
    return sys.platform == "linux" and told == STARTED_WITH


def run(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], limits: Mapping[int, int] = NO_LIMITS
) -> subprocess.CompletedProcess[str]:
    """`oceana-dr` with these arguments in that folder; nothing on its standard input, pipes for what it prints.

    `limits`: what `setrlimit` takes; of memory, what is loaded already counts.
    """
    if fits(environment):
        return begin(arguments, folder, environment, limits).end()
    return start(arguments, folder, environment, lambda: _limit(limits.items()))


def command(*arguments: str) -> list[str]:
    """The program as it is started."""
    return [sys.executable, "-m", "oceana_dr", *arguments]


def start(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """As `run`, in a new interpreter; `before` is called in the new process, to take something from it."""
    return subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=_LIMIT_S,
        check=False,
        preexec_fn=before,
    )


def _limit(limits: Iterable[tuple[int, int]]) -> None:
    for kind, most in limits:
        resource.setrlimit(kind, (most, most))


def begin(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], limits: Mapping[int, int] = NO_LIMITS
) -> Begun:
    """As `run`, and back at once; the environment has to fit."""
    assert fits(environment), "this one has to have an interpreter of its own"
    asked = json.dumps([list(arguments), str(folder), dict(environment), list(limits.items())]).encode()
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_LIMIT_S)
    connection.connect(_loaded())
    (out, its_out), (err, its_err), nothing = os.pipe(), os.pipe(), os.open(os.devnull, os.O_RDONLY)
    try:
        socket.send_fds(connection, [len(asked).to_bytes(_SIZE, "big")], [nothing, its_out, its_err])
    finally:
        for stream in (nothing, its_out, its_err):
            os.close(stream)
    connection.sendall(asked)
    return Begun(list(arguments), int.from_bytes(_exactly(connection, _SIZE), "big"), connection, (out, err))


@dataclass(frozen=True)
class Begun:
    """A command that runs: its process, and the pipes it prints to. Its end has to be waited for, once."""

    arguments: list[str]
    process: int
    _connection: socket.socket
    _pipes: tuple[int, int]

    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return not select.select([self._connection], [], [], 0)[0]

    def end(self, killed_after_s: float | None = None) -> subprocess.CompletedProcess[str]:
        """How it ended, by itself or because it was killed after so long."""
        killer = threading.Timer(_LIMIT_S if killed_after_s is None else killed_after_s, self._kill)
        killer.start()
        try:
            with self._connection:
                printed, told = _read(*self._pipes)
                code = int.from_bytes(_exactly(self._connection, _SIZE), "big", signed=True)
        finally:
            killer.cancel()
            killer.join()
        if killed_after_s is None and code == -signal.SIGKILL:
            raise TimeoutError(f"{self.arguments} took longer than {_LIMIT_S} s")
        return subprocess.CompletedProcess(self.arguments, code, printed, told)

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)


def _read(*pipes: int) -> list[str]:
    """All that comes out of these, together, as text."""
    found = {pipe: bytearray() for pipe in pipes}
    with selectors.DefaultSelector() as waiting:
        for pipe in pipes:
            waiting.register(pipe, selectors.EVENT_READ)
        while waiting.get_map():
            for key, _ in waiting.select():
                part = os.read(key.fd, 1 << 16)
                found[key.fd] += part
                if not part:
                    waiting.unregister(key.fd)
                    os.close(key.fd)
    return [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8").read() for data in found.values()]


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = connection.recv(size - len(data))
        assert part, "the process that forks has ended"
        data += part
    return bytes(data)


@cache
def _loaded() -> str:
    """The address at which the loaded process listens; it ends with this one."""
    folder = tempfile.mkdtemp(prefix="oceana-dr-warm-")
    address = f"{folder}/socket"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.warm", address],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **STARTED_WITH},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    atexit.register(process.wait)
    atexit.register(process.stdin.close)  # the last that is registered is the first that is done
    assert process.stdout.readline() == b"ready\n"
    process.stdout.close()
    return address


def _serve(address: str) -> list[str]:
    """Fork for each that asks, until standard input is closed; returns in the forked process, with its arguments."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits here for those that wait
    with socket.socket(socket.AF_UNIX) as listening, selectors.DefaultSelector() as waiting:
        listening.bind(address)
        listening.listen()
        waiting.register(listening, selectors.EVENT_READ)
        waiting.register(0, selectors.EVENT_READ)
        os.write(1, b"ready\n")
        while all(key.fd != 0 for key, _ in waiting.select()):
            connection, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                return _answer(connection)
            connection.close()
    Path(address).unlink()
    Path(address).parent.rmdir()
    sys.exit()


def _answer(connection: socket.socket) -> list[str]:
    """Fork the command, and wait for it; returns in the command's process."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(connection, _SIZE, 3)
    arguments, folder, environment, limits = json.loads(_exactly(connection, int.from_bytes(size, "big")))
    process = os.fork()
    if process:
        _wait(process, connection, streams)
    connection.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115 - the process's own
    sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115 - as above
    sys.stderr = open(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115 - as above
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    _limit(limits)
    return [str(item) for item in arguments]


def _wait(process: int, connection: socket.socket, streams: Sequence[int]) -> NoReturn:
    for stream in streams:
        os.close(stream)  # or they would not end when the command does
    connection.sendall(process.to_bytes(_SIZE, "big"))
    _, status = os.waitpid(process, 0)
    connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(_SIZE, "big", signed=True))
    os._exit(0)


def _load() -> None:
    """Import everything, and read what never changes while the program runs."""
    import oceana_dr

    for module in walk_packages(oceana_dr.__path__, "oceana_dr."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    import_module("oceana_dr.catalogue.load").load_catalogue()
    gc.freeze()


def _main() -> int:
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # as the program does before it imports
    _load()
    arguments = _serve(sys.argv[1])
    sys.argv = [str(ROOT / "src" / "oceana_dr" / "__main__.py"), *arguments]
    from oceana_dr.cli.start import main

    return main()


if __name__ == "__main__":
    sys.exit(_main())
