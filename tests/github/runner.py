"""What of GitHub the workflows need: a shell for each `run:` step, and an API on loopback that notes its calls."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.planning import ROOT

GITHUB = ROOT / ".github"
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def document(name: str) -> Any:
    """A workflow or an action."""
    return YAML(typ="safe").load((GITHUB / name).read_text("utf-8"))


def step(name: str, called: str) -> Mapping[str, Any]:
    """The step of this name, of an action or of any job of a workflow."""
    found = document(name)
    jobs = found["jobs"].values() if "jobs" in found else (found["runs"],)
    (one,) = [item for job in jobs for item in job["steps"] if item.get("name") == called]
    return one  # type: ignore[no-any-return] # YAML


@dataclass
class Repository:
    """A checkout, and what GitHub's expressions stand for in it; an expression that is not told of is an error."""

    root: Path
    expressions: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, one: Mapping[str, Any], code: int = 0) -> subprocess.CompletedProcess[str]:
        """A step as GitHub runs it, with the environment that it asks for and no other."""
        asked = {name: _EXPRESSION.sub(self._value, str(value)) for name, value in one.get("env", {}).items()}
        assert "${{" not in one["run"], "an expression in a script is a way in for whoever chose the value"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", one["run"]],
            cwd=self.root,
            env={
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "HOME": str(self.root),
                "LANG": "C.UTF-8",
                "OCEANA_DR_NO_CACHE": "1",
                "GITHUB_OUTPUT": str(self.root / "output"),
                "GITHUB_STEP_SUMMARY": str(self.root / "summary"),
                **self.environment,
                **asked,
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def file(self, name: str) -> str:
        return (self.root / name).read_text("utf-8")

    def _value(self, found: re.Match[str]) -> str:
        return self.expressions[found[1]]


@dataclass
class Api:
    """Issues and comments of one repository, what is answered at other paths, and every call, oldest first."""

    url: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    status: int = 200

    @property
    def writes(self) -> list[tuple[str, str, Any]]:
        return [call for call in self.calls if call[0] != "GET"]


@contextmanager
def github_api() -> Iterator[Api]:
    """GitHub's REST API as far as `tell.py` uses it, in pages of what was asked for."""
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(size)) if size else None
            assert self.headers["Authorization"] == "Bearer a-token"
            api.calls.append((self.command, self.path, body))
            found: Any = api.answers.get(self.path, {})
            if self.command == "GET" and self.path not in api.answers and "per_page" in self.path:
                per_page, page = (int(re.search(rf"\b{name}=(\d+)", self.path)[1]) for name in ("per_page", "page"))  # type: ignore[index] # the script always says
                found = api.items[(page - 1) * per_page : page * per_page]
            data = json.dumps(found).encode()
            self.send_response(api.status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 - the names that the library calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
