"""Lines of ObjectScript for `csession`, typed as a person would: each one is a command of its own.

In: a word for the answer, names that were checked. Out: bytes for standard input.
Only what Caché 2018.1 is documented to have is called, and newer methods after asking whether they are there. A line
that fails leaves its record out: the rest may be said, that value is not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from oceana_dr.drivers.mirror.contract import NAMESPACE

_MOST_ROWS: Final = 40

# The mark is put together at run time, so that an echo of these lines is no record. `end` counts the records before it.
_START: Final = (
    "set odrn={word},odrc=0,odrio=$io",
    (
        'set odrw="set odrc=odrc+1,v=$translate($zconvert(v,""O"",""JS""),""|"",""/"")'
        ' write !,$char(79,68,82),""|"",odrn,""|"",k,""|"",v,""|"",$zcrc(odrn_""|""_k_""|""_v,7),""|."",!"'
    ),
    'set k="namespace",v=$namespace xecute odrw',
    'set k="version",v=$zversion xecute odrw',
    'set k="member",v=$system.Mirror.IsMember() xecute odrw',
    'set k="primary",v=$system.Mirror.IsPrimary() xecute odrw',
    'set k="backup",v=$system.Mirror.IsBackup() xecute odrw',
    'set k="async",v=$system.Mirror.IsAsyncMember() xecute odrw',
    'set k="mirror",v=$system.Mirror.MirrorName() xecute odrw',
)
_HAS: Final = '##class(%Dictionary.CompiledMethod).%ExistsId("{method}")'
_TYPE: Final = (
    f"if {_HAS.format(method='%SYSTEM.Mirror||GetMemberType')}"
    ' set k="type",v=$system.Mirror.GetMemberType() xecute odrw'
)
_SERVICE: Final = (
    f"if {_HAS.format(method='Security.Services||Get')}"
    ' set odrs=##class(Security.Services).Get("%Service_Mirror",.odrp)'
    ' if $system.Status.IsOK(odrs) set k="service",v=+$get(odrp("Enabled")) xecute odrw'
)
_LIST: Final = (
    'set odrr=##class(%ResultSet).%New("SYS.Mirror:{query}")',
    "set odrs=odrr.Execute({mirror}),odrm=odrr.GetColumnCount(),odrl=0",
    'for i=1:1:odrm set k="{key}.0."_i,v=odrr.GetColumnName(i) xecute odrw',
    (
        "while odrr.Next() && (odrl<{most}) {{ set odrl=odrl+1 for i=1:1:odrm {{"
        ' set k="{key}."_odrl_"."_i,v=odrr.GetData(i) xecute odrw }} }}'
    ),
    'set k="{key}",v=odrl_","_odrm xecute odrw',
)
_END: Final = ('set k="end",v=odrc xecute odrw', "halt")


def reading(word: str, mirror: str) -> bytes:
    """What an instance says of itself, of the mirror's members and of the databases that are mirrored."""
    lists = [
        line.format(query=query, key=key, mirror=text(mirror), most=_MOST_ROWS)
        for query, key in (("MemberStatusList", "members"), ("MirroredDatabaseList", "databases"))
        for line in _LIST
    ]
    return _script(word, (_TYPE, _SERVICE, *lists))


def text(value: str) -> str:
    """A string of ObjectScript; raises `ValueError` for what no name here may hold."""
    if not value.isascii() or not value.isprintable():
        raise ValueError("only printable ASCII can be written to a session")
    return '"' + value.replace('"', '""') + '"'


def _script(word: str, lines: Iterable[str]) -> bytes:
    start = (_START[0].format(word=text(word)), *_START[1:])
    return "".join(f"{line}\n" for line in (*start, *lines, *_END)).encode("ascii")


_ACTS: Final = {
    "Promote": ("$system.Mirror.IsAsyncMember()", "(.odru)"),
    "PromoteWithNoPartner": ("$system.Mirror.IsAsyncMember()", "()"),
    "Demote": ("$system.Mirror.IsBackup()", "()"),
}
"""Methods of SYS.Mirror that are called, what has to be so right before, and how they are called (2018.1)."""


def acting(word: str, method: str) -> bytes:
    """One call of SYS.Mirror, at most once: in the line that asks whether it may be made. `sent` says that it was."""
    guard, arguments = _ACTS[method]
    return _script(
        word,
        (
            (
                f'set odrs="" if $namespace="{NAMESPACE}",{_HAS.format(method=f"SYS.Mirror||{method}")},{guard}'
                f' set k="sent",v="{method}" xecute odrw set odrs=##class(SYS.Mirror).{method}{arguments}'
            ),
            "use odrio",  # a call may leave another device current, and every line after it would be lost
            'if odrs\'="" set k="status",v=$system.Status.IsOK(odrs) xecute odrw',
            'if odrs\'="",\'$system.Status.IsOK(odrs) set k="error",v=$system.Status.GetErrorText(odrs) xecute odrw',
        ),
    )
