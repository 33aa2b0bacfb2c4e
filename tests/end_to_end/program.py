"""The program as its users run it: a process, in a copy of the example project, with a fast lab."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from oceana_dr.lab.lab import open_lab
from oceana_dr.lab.records import Event
from tests import warm
from tests.planning import copy_project, edit

FAST = 20_000


class Program:
    """Runs `oceana-dr` in a project folder; remembers nothing between calls."""

    def __init__(self, folder: Path, *, scale: int = FAST) -> None:
        self.root = copy_project(folder)
        edit(self.root / "oceana-dr.yaml", ("time_scale: 600 ", f"time_scale: {scale} "))
        self.environment = {
            **warm.STARTED_WITH,
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "OCEANA_DR_NO_CACHE": "1",
        }

    def command(self, *arguments: str) -> list[str]:
        return warm.command(*arguments)

    def run(
        self,
        *arguments: str,
        code: int | None = 0,
        before: Callable[[], None] | None = None,
        limits: Mapping[int, int] = warm.NO_LIMITS,
        **environment: str,
    ) -> subprocess.CompletedProcess[str]:
        """Run it and check its exit code.

        `before` is called in the new process, to take something from it; `limits` are those of `setrlimit`.
        """
        variables = {**self.environment, **environment}
        done = (
            warm.run(arguments, self.root, variables, limits)
            if before is None
            else warm.start(arguments, self.root, variables, before)
        )
        assert "Traceback" not in done.stderr, done.stderr
        if code is not None:
            assert done.returncode == code, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *arguments: str, code: int | None = 0) -> Any:
        return json.loads(self.run(*arguments, code=code).stdout)

    def move(self, site: str) -> None:
        """The one-line pull request."""
        path = self.root / "sites" / site / "site.yaml"
        text = path.read_text("utf-8")
        assert len(re.findall(r"^operational: dc1", text, flags=re.MULTILINE)) == 1
        path.write_text(re.sub(r"^operational: dc1", "operational: dc2", text, flags=re.MULTILINE), "utf-8")

    def answers(self, plan: Mapping[str, Any], **changes: Mapping[str, str]) -> Path:
        """A file in which two people confirm every step of the plan, but for the changes."""
        confirm = {
            "outcome": "confirm",
            "by": "ann",
            "second": "bob",
            "observed": "as it should be",
            "evidence": "ticket 7",
        }
        answers = {step["id"]: dict(confirm) for step in plan["steps"]}
        answers.update({step.replace("_", "."): dict(change) for step, change in changes.items()})
        path = self.root / "answers.json"
        path.write_text(json.dumps(answers))
        return path

    def acts(self, site: str) -> list[Event]:
        """Everything that was done to the lab, oldest first."""
        lab = open_lab(self.root / ".oceana-dr", self.root / "sites", site)
        return [event for event in lab.events() if event.kind == "act"]
