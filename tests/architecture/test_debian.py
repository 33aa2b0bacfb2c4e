"""What Debian's own programs need to start is found, wherever they lie."""

import subprocess
from os import environ

import pytest

from tests.debian import program


@pytest.mark.parametrize(("name", "asked", "says"), [("named", "-V", "BIND"), ("chromium", "--version", "Chromium")])
def test_a_program_starts_with_the_environment_it_is_given(name: str, asked: str, says: str) -> None:
    found = program(name)
    answer = subprocess.run(
        [found.path, asked], env={**environ, **found.environment}, capture_output=True, text=True, check=True
    )
    assert says in answer.stdout
