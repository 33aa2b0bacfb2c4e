"""Scripts: only what Caché is known to have, the right units, a sentinel, no secret."""

import re
from collections.abc import Mapping

import pytest

from .conftest import Render

# Class and method → known to exist in Caché 2015 to 2018, or guarded by a look-up that always exists.
METHODS = {
    "%Dictionary.CompiledMethod": {"%ExistsId"},
    "Config.Databases": {"Get"},
    "Security.Services": {"Get", "Modify"},
    "SYS.Mirror": {
        "AddDatabase",
        "CreateNewMirrorSet",
        "JoinMirrorAsAsyncMember",
        "JoinMirrorAsFailoverMember",
    },
}
UNGUARDED = {"%Dictionary.CompiledMethod"}
SYSTEM = {
    "Mirror": {"IsAsyncMember", "IsBackup", "IsMember", "IsPrimary", "MirrorName"},
    "Status": {"GetErrorText", "IsOK"},
}
KEYS = {"AgentAddress", "AgentPort", "ArbiterNode", "ECPAddress", "MirrorAddress", "UseSSL", "VirtualAddress"}


def scripts(artifacts: Mapping[str, str], ending: str) -> dict[str, str]:
    return {path: text for path, text in artifacts.items() if path.endswith(ending)}


def agents(artifacts: Mapping[str, str]) -> list[str]:
    """The scripts that set the ISCAgent up."""
    return [text for path, text in scripts(artifacts, ".ps1").items() if path.startswith("mirror/")]


def code(text: str) -> str:
    """ObjectScript without its comment lines."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(";"))


def test_every_server_has_its_files(render: Render) -> None:
    def servers(site: str) -> set[str]:
        return {path for path in render(site, "dc1") if path.startswith("mirror/")}

    assert servers("acme") == {f"mirror/{server}.{kind}" for server in "AC" for kind in ("yaml", "cos", "ps1")}
    assert servers("globex") == {f"mirror/{server}.{kind}" for server in "ABC" for kind in ("yaml", "cos", "ps1")}


def test_only_methods_that_exist_are_called(artifacts: Mapping[str, str]) -> None:
    for path, text in scripts(artifacts, ".cos").items():
        calls = re.findall(r"##class\(([^)]+)\)\.(%?\w+)", code(text))
        assert calls
        for name, method in calls:
            assert method in METHODS.get(name, ()), f"{path}: {name}.{method}"
        for name, method in re.findall(r"\$system\.(\w+)\.(\w+)", code(text)):
            assert method in SYSTEM.get(name, ()), f"{path}: $system.{name}.{method}"
        assert len(re.findall("(?i)##class|[$]system[.]", code(text))) == len(calls) + len(
            re.findall(r"\$system\.\w+\.\w+", code(text))
        )


def test_a_method_is_looked_up_before_it_is_called(artifacts: Mapping[str, str]) -> None:
    for path, text in scripts(artifacts, ".cos").items():
        for routine in re.split(r"(?m)^(?=\w)", code(text)):
            for call in re.finditer(r"##class\(([^)]+)\)\.(\w+)", routine):
                if call[1] not in UNGUARDED:
                    assert f'$$Has("{call[1]}","{call[2]}")' in routine[: call.start()], f"{path}: {call[0]}"


def test_every_status_is_reported(artifacts: Mapping[str, str]) -> None:
    for text in scripts(artifacts, ".cos").values():
        assert len(re.findall("set status=", text)) == len(re.findall(r"\$\$Done\([^,]+(?:_[^,]+)*,status\)", text))


def test_the_device_is_kept_around_joining(artifacts: Mapping[str, str]) -> None:
    for text in scripts(artifacts, ".cos").values():
        for call in re.finditer(r"##class\(SYS\.Mirror\)\.(?:Create|Join)\w+\(.*", text):
            assert "set device=$io" in text[: call.start()]
            assert text[call.end() :].startswith("\n use device\n")


def test_the_mirror_is_described_with_keys_that_exist(artifacts: Mapping[str, str]) -> None:
    for text in scripts(artifacts, ".cos").values():
        assert set(re.findall(r'set info\("(\w+)"\)', text)) <= KEYS


def test_members_join_in_their_roles(render: Render) -> None:
    files = render("globex", "dc1")
    assert '.CreateNewMirrorSet("AOCMIRROR","OCDB-A",.info)' in files["mirror/A.cos"]
    join = '("AOCMIRROR","OCDB-B","CCDSINSTANCE","10.21.4.10",2188,.info)'
    assert f".JoinMirrorAsFailoverMember{join}" in files["mirror/B.cos"]
    join = '("AOCMIRROR","OCDB-C","CCDSINSTANCE","10.21.4.10",2188,0,.info,.secure)'
    assert f".JoinMirrorAsAsyncMember{join}" in files["mirror/C.cos"]


@pytest.mark.parametrize("site", ["acme", "globex"])
def test_nothing_is_set_up_while_the_other_side_is_in_service(site: str, render: Render) -> None:
    for text in scripts(render(site, "dc2"), ".cos").values():
        assert "SYS.Mirror" not in text
        assert "Security.Services" not in text
        assert "ODR|refused|Data Center 2 is in service" in text


def test_every_script_ends_with_its_sentinel(artifacts: Mapping[str, str]) -> None:
    for text in scripts(artifacts, ".cos").values():
        entries = re.split(r"(?m)^(?=\w)", text)
        assert all("do Finish(" in entry for entry in entries if "set ok=$$Begin(" in entry)
        assert text.endswith('Finish(ok) ; the sentinel\n write "ODR-END|",$select(ok:"ok",1:"failed"),!\n quit\n')
    for text in scripts(artifacts, ".ps1").values():
        assert text.endswith("Write-Output 'ODR-END|ok'\nexit 0\n")


def test_databases_of_a_secured_mirror_wait_for_its_certificates(render: Render) -> None:
    assert 'if ok,$get(secured)\'="secured" set ok=0' in render("globex", "dc1")["mirror/A.cos"]
    assert "secured" not in code(render("acme", "dc1")["mirror/A.cos"])


@pytest.mark.parametrize("word", ["Does", "Run on", "Run as", "Again", "Manual"])
def test_every_script_says_what_it_is(word: str, artifacts: Mapping[str, str]) -> None:
    for ending in (".cos", ".ps1"):
        for path, text in scripts(artifacts, ending).items():
            assert re.search(rf"(?m)^ ?[;#] {word}:? +\S", text), path


def test_the_first_member_is_set_up_although_no_other_agent_answers_yet(artifacts: Mapping[str, str]) -> None:
    """Only `-Check`, once all members are set up, may fail because of another server's agent."""
    for text in agents(artifacts):
        agent = text.split("function Write-Agent")[1].split("\n}\n")[0]
        assert "if ($Good -or $Check) { Write-Result $Step $Good $Text }\n    else { Write-Output" in agent
        assert "failed" not in agent.replace("$script:failed", "failed").partition("else")[2]
        body = text[text.index("\ntry {") :]
        assert [line.split()[0] for line in body.splitlines() if "Test-Agent" in line] == ["Write-Agent"]
        assert re.search(r"(?m)^# After +once it has run on every member, again with -Check on each", text)


def test_the_fail_count_is_reset_after_days(artifacts: Mapping[str, str]) -> None:
    for text in agents(artifacts):
        assert "$resetSeconds = 10368000\n" in text
        assert "reset= $resetSeconds actions= $actions" in text
        assert "$actions = 'restart/0/restart/0/restart/0'\n" in text
        assert "$actionTypes = @(1, 1, 1)" in text


def test_brackets_are_closed(artifacts: Mapping[str, str]) -> None:
    for ending, comment, quote in ((".ps1", "#", "'"), (".cos", ";", '"')):
        for path, text in scripts(artifacts, ending).items():
            lines = (re.sub(f"{quote}[^{quote}]*{quote}", quote * 2, line) for line in text.splitlines())
            bare = "\n".join(line.partition(comment)[0] if " " + comment in " " + line else line for line in lines)
            for opening, closing in ("()", "{}", "[]"):
                assert bare.count(opening) == bare.count(closing), f"{path}: {opening}{closing}"


def test_certificates_are_named_and_their_password_is_not(render: Render) -> None:
    files = render("globex", "dc1")
    for server in "ABC":
        for ending in ("yaml", "cos", "ps1"):
            text = files[f"mirror/{server}.{ending}"]
            assert "mirror.key" in text
            assert "env:GLOBEX_MIRROR_KEY_PASSWORD" in text
    assert "tls: null\n" in render("acme", "dc1")["mirror/A.yaml"]
