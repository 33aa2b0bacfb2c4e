"""What `doctor` asks of this machine: the programs that plans and approvals need.

In: a project. Out: `Check`s of their versions.
A program that is missing is bad only where something that is configured needs it.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Iterator
from typing import Final

from oceana_dr import __version__
from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.operations.surroundings import surroundings
from oceana_dr.source.project import Project

_WITHIN_S: Final = 5.0


def machine_checks(project: Project) -> Iterator[Check]:
    """Ours, git's and ssh-keygen's versions."""
    said = f"oceana-dr {__version__} on Python {platform.python_version()}"
    yield Check(Aspect.VERSION, Health.GOOD, said, "oceana-dr")
    yield _git(in_git=(project.root / ".git").exists())
    keygen, needed = shutil.which("ssh-keygen"), project.policy.required_approvals > 0
    if keygen is not None:
        yield Check(Aspect.VERSION, Health.GOOD, "is there: approvals can be signed and checked", "ssh-keygen")
    else:
        health = Health.BAD if needed else Health.NONE
        yield Check(Aspect.VERSION, health, "is not there", "ssh-keygen", "approvals need it: install OpenSSH")


def _git(*, in_git: bool) -> Check:
    """Plans say which commit they were made of."""
    program = shutil.which("git")
    if program is None:
        health = Health.BAD if in_git else Health.NONE
        return Check(Aspect.VERSION, health, "is not there", "git", "plans name the commit they were made of")
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True, timeout=_WITHIN_S, env=surroundings()
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Check(Aspect.VERSION, Health.UNKNOWN, f"does not run: {type(error).__name__}", "git")
    return Check(Aspect.VERSION, Health.GOOD, done.stdout.strip()[:60], "git")
