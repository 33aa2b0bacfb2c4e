"""What makes a machine hostile: no rights, no space, no streams, a gateway that talks nonsense."""

import ctypes
import json
import os
import re
import resource
import signal
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.cli.main import run
from oceana_dr.estate.canonical import digest
from tests.end_to_end.program import Program
from tests.planning import edit

_CAPABILITY_DROP = 24  # prctl(2), PR_CAPBSET_DROP
_OVERRIDES = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: permissions would mean nothing to root


def without_privilege() -> None:
    """To be called in the child: file permissions hold for it, whoever we are."""
    for capability in _OVERRIDES:
        ctypes.CDLL(None).prctl(_CAPABILITY_DROP, capability, 0, 0, 0)


def small_files(size: int) -> Callable[[], None]:
    """To be called in the child: no file may grow beyond this, as on a disk that fills up."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def within(program: Program, environment: Mapping[str, str]) -> Program:
    """The same project, with other variables in the environment."""
    other = copy(program)
    other.environment = {**program.environment, **environment}
    return other


def shell(program: Program, line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A line of bash, `oceana-dr` being the program; its code is the first one in a pipe that is not 0."""
    words = " ".join(program.command())
    done = subprocess.run(
        ["bash", "-c", f'set -o pipefail; oceana-dr() {{ {words} "$@"; }}; {line}'],
        cwd=program.root,
        env={**program.environment, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    return done


class Inside:
    """A project, and the program called in this process: a thousand calls in the time of thirty."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.program = Program(folder)
        self._capsys = capsys
        monkeypatch.chdir(self.program.root)
        monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")

    def write(self, document: Any) -> None:
        Path("bad.json").write_text(json.dumps(document))

    def call(self, *arguments: str) -> tuple[int, str]:
        """Exit code and stderr; an exception that gets through is a traceback for the user."""
        code, _, err = self.hear(*arguments)
        return code, err

    def hear(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr."""
        self._capsys.readouterr()
        code = run(list(arguments))
        said = self._capsys.readouterr()
        assert "\x1b" not in said.out + said.err, "a file must not drive the terminal"
        return code, said.out, said.err


def full_device(folder: Path) -> Path:
    """A device that is always full; for root one of its own, since root could replace the system's."""
    if os.geteuid() != 0:
        return Path("/dev/full")
    path = folder / "full"
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 7))
        path.open("rb").close()
    except OSError:
        pytest.skip("no device may be made or used here")
    return path


@contextmanager
def full_disk(folder: Path, size: str) -> Iterator[bool]:
    """The folder on a small file system of its own; False where we may not mount one."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def signed(document: Any) -> Any:
    """The plan with the id of its content: who can write a plan file can compute it."""
    content = {key: value for key, value in document.items() if key not in {"id", "meta"}}
    try:
        return {**document, "id": digest(content)}
    except (TypeError, ValueError):
        return document


def changed(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy with another value at the path, with its id; `...` for a value takes it away."""
    made = json.loads(json.dumps(document))
    here = made
    for part in path[:-1]:
        here = here[part]
    if value is ...:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return signed(made)


@contextmanager
def gateway(answer: Callable[[str], tuple[int, bytes]], tokens: list[str] | None = None) -> Iterator[str]:
    """A gateway that answers every path as told, and notes the tokens it is sent; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answer(self.path)
            if tokens is not None:
                tokens.append(self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            with_body = memoryview(body)
            try:
                self.wfile.write(with_body)
            except OSError:
                return  # the program has heard enough

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Nothing of this is worth a line."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def behind(program: Program, endpoint: str, token: str = "") -> None:
    """The project's estate is behind this endpoint from now on. Its plans need no approval."""
    more = f", token: '{token}'" if token else ""
    edit(program.root / "oceana-dr.yaml", ("{endpoint: lab}", f"{{endpoint: '{endpoint}'{more}}}"))
    for file, asked in (("oceana-dr.yaml", "approvals: {required: 1}"), ("sites/defaults.yaml", "  required: 2\n")):
        path = program.root / file
        path.write_text(path.read_text("utf-8").replace(asked, re.sub("[12]", "0", asked)), "utf-8")
