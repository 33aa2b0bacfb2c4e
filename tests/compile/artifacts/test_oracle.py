"""Data Guard: the right command to the right member, no password, and the manual's slips put right."""

import re

import pytest

from .conftest import Render

NAMES = {"dc1": "orcl", "dc2": "orcl_stby"}
COMMANDS = re.compile(
    r"SHOW CONFIGURATION|(SHOW|VALIDATE|REINSTATE) DATABASE \w+|(SWITCHOVER|FAILOVER) TO \w+|ENABLE CONFIGURATION"
    r"|CREATE CONFIGURATION \w+ AS PRIMARY DATABASE IS \w+ CONNECT IDENTIFIER IS \w+"
    r"|ADD DATABASE \w+ AS CONNECT IDENTIFIER IS \w+ MAINTAINED AS PHYSICAL"
)


def commands(text: str) -> list[str]:
    """The commands of a broker script, each ended by a semicolon; remarks are REM lines."""
    lines = [line for line in text.splitlines() if line != "REM" and not line.startswith("REM ")]
    assert all(line.endswith(";") for line in lines)
    return [line.removesuffix(";") for line in lines]


def connected(text: str) -> str:
    """The member that the script says to connect to."""
    match = re.search(r"^REM Connect +dgmgrl -echo /@(\w+) ", text, re.MULTILINE)
    assert match
    return match[1]


@pytest.fixture(params=["dc1", "dc2"])
def side(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_site_without_analytics_has_no_scripts(side: str, render: Render) -> None:
    assert not [path for path in render("acme", side) if path.startswith("oracle/")]


def test_every_command_is_one_that_the_broker_has(side: str, render: Render) -> None:
    for path, text in render("globex", side).items():
        if path.endswith(".dgmgrl"):
            assert [line for line in commands(text) if not COMMANDS.fullmatch(line)] == [], path


def test_a_move_ends_on_the_side_in_service(side: str, render: Render) -> None:
    files = render("globex", side)
    target, other = NAMES[side], NAMES["dc2" if side == "dc1" else "dc1"]
    assert commands(files["oracle/switchover.dgmgrl"])[0] == f"SWITCHOVER TO {target}"
    assert commands(files["oracle/failover.dgmgrl"])[0] == f"FAILOVER TO {target}"
    assert commands(files["oracle/reinstate.dgmgrl"])[0] == f"REINSTATE DATABASE {other}"
    assert connected(files["oracle/switchover.dgmgrl"]) == other  # the primary until then, as the manual has it
    assert connected(files["oracle/failover.dgmgrl"]) == target  # ORA-16600 anywhere else
    assert connected(files["oracle/reinstate.dgmgrl"]) == target  # never the one that is reinstated
    made = commands(files["oracle/configuration.dgmgrl"])
    assert f"PRIMARY DATABASE IS {target} " in made[1]
    assert made[2].startswith(f"ADD DATABASE {other} ")


def test_each_database_is_asked_by_its_own_name(side: str, render: Render) -> None:
    files = render("globex", side)
    for script in ("show", "switchover", "reinstate"):
        asked = [line for line in commands(files[f"oracle/{script}.dgmgrl"]) if line.startswith("SHOW DATABASE")]
        assert asked == [f"SHOW DATABASE {name}" for name in NAMES.values()]


def test_what_shows_changes_nothing(side: str, render: Render) -> None:
    shown = commands(render("globex", side)["oracle/show.dgmgrl"])
    assert {line.split()[0] for line in shown} == {"SHOW", "VALIDATE"}


def test_no_password_is_typed_on_a_command_line(side: str, render: Render) -> None:
    for path, text in render("globex", side).items():
        if path.startswith("oracle/"):
            assert not re.search(r"\bsys/|[\w}]/\w+@|(?i:identified by)", text), path
            assert "cdblorcl" not in text  # the instance that one of the manual's samples has
            if path.endswith(".dgmgrl"):
                assert "env:GLOBEX_ORACLE_PASSWORD" in text, path


def statements(text: str) -> list[str]:
    """What SQL*Plus executes: commands of one line, and statements up to their semicolon."""
    lines = [line for line in text.splitlines() if line != "REM" and not line.startswith("REM ")]
    found: list[str] = []
    open_statement = ""
    for line in lines:
        if open_statement or line.startswith("SELECT"):
            open_statement = f"{open_statement} {line.strip()}".strip()
            if line.endswith(";"):
                found.append(open_statement)
                open_statement = ""
        else:
            found.append(line)
    assert not open_statement
    return found


def test_the_check_reads_only(side: str, render: Render) -> None:
    found = statements(render("globex", side)["oracle/check.sql"])
    assert {item.split()[0] for item in found} == {"SET", "WHENEVER", "SELECT", "PROMPT", "EXIT"}
    assert found[0] == "SET DEFINE OFF"  # before anything in which an ampersand would ask a question
    assert found[-2:] == ["PROMPT ODR-END", "EXIT SUCCESS"]
    views = {view for item in found for view in re.findall(r"FROM (v\$\w+)", item)}
    assert views == {"v$database", "v$parameter", "v$dataguard_stats"}
    for item in found:
        assert item.count("(") == item.count(")")
        assert item.count("CASE") == item.count("END") - item.count("ODR-END")


def test_flashback_is_checked_in_the_unit_of_the_database(render: Render) -> None:
    found = statements(render("globex", "dc1")["oracle/check.sql"])
    assert any("flashback_on = 'YES'" in item for item in found)
    assert any("TO_NUMBER(value) >= 1440" in item and "db_flashback_retention_target" in item for item in found)
    (role,) = (item for item in found if "database_role =" in item)
    assert "WHEN LOWER('orcl') THEN 'PRIMARY' WHEN LOWER('orcl_stby') THEN 'PHYSICAL STANDBY'" in role
