"""What a server says without Caché's help: whether the instance runs, and what its configuration file keeps.

In: a word for the answer, an instance. Out: a script for `powershell.exe -Command -`; `Host` from its answer.
The script changes nothing, and of the file it tells only the section [MirrorMember], in which no secret stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from oceana_dr.drivers.mirror.contract import Host
from oceana_dr.drivers.mirror.records import Garbled

WORDS: Final = ("-NoProfile", "-NonInteractive", "-Command", "-")
_FIELDS: Final = 5
Verb: TypeAlias = Literal["start", "stop"]
_START: Final = r"""$ErrorActionPreference = 'Stop'
$odrn = '@word@'; $script:odrc = 0
function odrsum([string]$t) { [uint32]$c = 4294967295; foreach ($b in [Text.Encoding]::ASCII.GetBytes($t)) { $c = $c -bxor $b; for ($i = 0; $i -lt 8; $i++) { if ($c -band 1) { $c = ($c -shr 1) -bxor 3988292384 } else { $c = $c -shr 1 } } }; return ($c -bxor 4294967295) }
function odr([string]$k, [string]$v) { $v = $v -replace '[^ -~]', '?' -replace '[|\\]', '/'; $script:odrc++; Write-Output ('{0}|{1}|{2}|{3}|{4}|.' -f 'ODR', $odrn, $k, $v, (odrsum ($odrn + '|' + $k + '|' + $v))) }
odr 'now' ([DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.fff'))
"""  # noqa: E501 - one line each: what comes on standard input is run line by line; .NET has no CRC-32
_LOOK: Final = r"""$f = ((& ccontrol qlist '@instance@') -join '').Split('^')
odr 'fields' $f.Count
odr 'name' $f[0]
odr 'version' $f[2]
odr 'status' $f[3]
try { $in = $false; foreach ($line in [IO.File]::ReadAllLines((Join-Path $f[1] $f[4]))) { if ($line -match '^\s*\[') { $in = $line.Trim() -eq '[MirrorMember]' } elseif ($in -and $line -match '^\s*([A-Za-z]+)\s*=\s*(.*)$') { odr ('cpf.' + $Matches[1].ToLower()) $Matches[2].Trim() } }; odr 'cpf' 'read' } catch { odr 'cpf' ('not read: ' + $_.Exception.GetType().Name) }
"""  # noqa: E501 - as above
_CONTROL: Final = """& ccontrol @verb@ '@instance@' quietly | Out-Null
odr 'exit' $LASTEXITCODE
"""
_END: Final = """odr 'end' $script:odrc
"""
LOOK: Final = f"{_START}{_LOOK}{_END}"
CONTROL: Final = f"{_START}{_CONTROL}{_END}"


def looking(word: str, instance: str) -> bytes:
    """The script; both words hold nothing that PowerShell could take for more than a word."""
    return _filled(LOOK, word, instance)


def controlling(word: str, instance: str, verb: Verb) -> bytes:
    """The script that starts or stops the instance, in order; it says when that has ended."""
    return _filled(CONTROL.replace("@verb@", verb), word, instance)


def _filled(script: str, word: str, instance: str) -> bytes:
    return script.replace("@word@", word).replace("@instance@", instance).encode("ascii")


def host_from(found: Mapping[str, str], instance: str, now: datetime) -> Host:
    """What it has said; raises `Garbled` where it is not about this instance, or not told whether it runs."""
    if int_of(found.get("fields")) < _FIELDS or found.get("name", "").upper() != instance.upper():
        raise Garbled(f"ccontrol knows no instance {instance} there")
    status = found.get("status", "")
    state = status.partition(",")[0].strip().lower()
    if state not in {"running", "down"}:
        raise Garbled(f"ccontrol calls {instance} {status[:60]!r}: neither running nor down")
    members = {key.removeprefix("cpf."): value for key, value in found.items() if key.startswith("cpf.")}
    cpf = members if found.get("cpf") == "read" else None
    return Host(state == "running", status, found.get("version", ""), cpf, _skew(found.get("now"), now))


def int_of(text: str | None) -> int:
    """A number that was said, or -1."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else -1


def _skew(said: str | None, now: datetime) -> float | None:
    try:
        there = datetime.fromisoformat(said or "").replace(tzinfo=UTC)
    except ValueError:
        return None
    return round((there - now).total_seconds(), 3)
