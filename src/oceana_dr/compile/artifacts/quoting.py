"""Values written so that they stay one value: in YAML, XML, SQL and other languages, and in their remarks.

In: plain values of a site or the catalogue. Out: `Quoted` text, the only text a template may print.
Nothing may pass through here unquoted: a site file is untrusted input, and these files are run as administrators.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final


class Quoted(str):
    """Text that is safe to print where its filter's format is expected."""

    __slots__ = ()


class Unquotable(ValueError):
    """No text of the format means this value (half a character, an empty token)."""


_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
# Words that some YAML reader or other takes for something else than text.
_RESERVED: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_NAME_CHARACTERS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._")
_XML: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
    **{c: f"&#{ord(c)};" for c in "\t\n\r"},
}
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WEB: Final = re.compile("https?://[A-Za-z0-9.-]")
_URI: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%")
_HOST: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:-]*")
_BROKER: Final = re.compile(r"[A-Za-z0-9_$#.-]+")
_BARE: Final = re.compile(r"[a-z][a-z0-9_]*")


def yaml(value: object) -> Quoted:
    """A scalar, list or mapping in YAML 1.2, on one line; the same to readers of YAML 1.1."""
    match value:
        case None:
            return Quoted("null")
        case bool():
            return Quoted("true" if value else "false")
        case int():
            return Quoted(value)
        case str():
            return Quoted(value if _is_plain(value) else f'"{"".join(map(_yaml_character, _whole(value)))}"')
        case Mapping():
            return Quoted("{" + ", ".join(f"{yaml(str(key))}: {yaml(item)}" for key, item in value.items()) + "}")
        case list() | tuple():
            return Quoted("[" + ", ".join(yaml(item) for item in value) + "]")
        case _:
            raise Unquotable(f"YAML has no form for {type(value).__name__}")


def powershell(value: object) -> Quoted:
    """An expression of Windows PowerShell, ASCII only: without a byte-order mark 5.1 reads files as ANSI."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Quoted(value)
    parts = [
        "'" + run.replace("'", "''") + "'" if printable else " + ".join(map(_powershell_character, run))
        for printable, run in _runs(_text(value))
    ]
    if len(parts) == 1 and parts[0].startswith("'"):
        return Quoted(parts[0])
    # The empty string first: `[char] + string` is not a concatenation.
    return Quoted("(" + " + ".join(["''", *parts]) + ")") if parts else Quoted("''")


def objectscript(value: object) -> Quoted:
    """An expression of ObjectScript, ASCII only; other characters as UTF-16 units, as Caché stores them."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Quoted(value)
    parts = [
        '"' + run.replace('"', '""') + '"' if printable else f"$char({','.join(map(str, _utf16(run)))})"
        for printable, run in _runs(_text(value))
    ]
    match parts:
        case []:
            return Quoted('""')
        case [single]:
            return Quoted(single)
        case _:
            # In parentheses: ObjectScript works strictly from left to right.
            return Quoted(f"({'_'.join(parts)})")


def nsupdate(value: object) -> Quoted:
    """One token of nsupdate; every byte but letters, digits, `-`, `_` and `.` as `\\DDD` (RFC 1035, 5.1)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Quoted(value)
    text = _text(value)
    if not text:
        raise Unquotable("an empty token would make the next one take its place")
    return Quoted("".join(chr(byte) if byte in _NAME_CHARACTERS else f"\\{byte:03d}" for byte in text.encode()))


def xml(value: object) -> Quoted:
    """Character data or an attribute's value in XML 1.0 and HTML."""
    text = _text(value)
    if _NOT_XML.search(text):
        raise Unquotable("XML has no form for a control character")
    return Quoted("".join(_XML.get(character, character) for character in text))


def web_address(value: object) -> Quoted:
    """An address of a web page as an attribute's value in HTML; nothing else, so that no script hides in a link.

    What a URI cannot hold as it is, is written in its escaped form (RFC 3986, 2.1), as browsers do.
    """
    text = _text(value)
    if not _WEB.match(text):
        raise Unquotable("an http or https address is wanted")
    return xml("".join(chr(byte) if chr(byte) in _URI else f"%{byte:02X}" for byte in text.encode()))


def hosts(value: object) -> Quoted:
    """An address or a name in a hosts file, where blanks and `#` would begin something else."""
    text = _text(value)
    if not _HOST.fullmatch(text):
        raise Unquotable("a hosts file has no form for this name or address")
    return Quoted(text)


def dgmgrl(value: object) -> Quoted:
    """A database's name in a command of the Data Guard broker; in quotes where it would be folded or misread."""
    text = _text(value)
    if not _BROKER.fullmatch(text):
        raise Unquotable("the Data Guard broker has no form for this name")
    return Quoted(text if _BARE.fullmatch(text) else f"'{text}'")


def sql(value: object) -> Quoted:
    """A literal of Oracle SQL, ASCII only, on one line: SQL*Plus would act on what begins a line."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Quoted(value)
    parts = [
        "'" + run.replace("'", "''") + "'" if printable else f"UNISTR('{''.join(map(_sql_unit, _utf16(run)))}')"
        for printable, run in _runs(_text(value))
    ]
    return Quoted(parts[0] if len(parts) == 1 else f"({' || '.join(parts)})") if parts else Quoted("''")


def xml_remark(value: object) -> Quoted:
    """Words in a comment of XML or HTML, where two hyphens would end it."""
    return Quoted(remark(value).replace("-", "\u2010") if "--" in str(value) else remark(value))


def ascii_words(value: object) -> Quoted:
    """Words in a comment of a script whose commands end at a semicolon, wherever it stands."""
    return Quoted(ascii_remark(value).replace(";", ","))


def remark(value: object) -> Quoted:
    """Words in a comment: one line, whatever the value holds."""
    return Quoted("".join(item if item.isprintable() else _escaped(item) for item in _whole(str(value))))


def ascii_remark(value: object) -> Quoted:
    """Words in a comment of a file that must stay ASCII."""
    return Quoted("".join(item if " " <= item <= "~" else _escaped(item) for item in _whole(str(value))))


FILTERS: Final[Mapping[str, Callable[[object], Quoted]]] = {
    "yaml": yaml,
    "powershell": powershell,
    "objectscript": objectscript,
    "nsupdate": nsupdate,
    "xml": xml,
    "web_address": web_address,
    "hosts": hosts,
    "dgmgrl": dgmgrl,
    "sql": sql,
    "remark": remark,
    "xml_remark": xml_remark,
    "ascii_words": ascii_words,
    "ascii_remark": ascii_remark,
}


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and text.lower() not in _RESERVED


def _yaml_character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    # A byte-order mark is printable to some and refused by others.
    return character if character.isprintable() and character != "\ufeff" else _escaped(character)


def _escaped(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _runs(text: str) -> list[tuple[bool, str]]:
    """Stretches of printable ASCII and of everything else, in turn."""
    return [(item[0] >= " " and item[0] <= "~", item) for item in re.findall(r"[ -~]+|[^ -~]+", text)]


def _powershell_character(character: str) -> str:
    code = ord(character)
    return f"[char]0x{code:04X}" if code <= 0xFFFF else f"[char]::ConvertFromUtf32(0x{code:X})"


def _utf16(text: str) -> list[int]:
    units = text.encode("utf-16-be")
    return [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]


def _sql_unit(unit: int) -> str:
    return f"\\{unit:04X}"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Unquotable(f"text is wanted here, not {type(value).__name__}")
    return _whole(value)


def _whole(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Unquotable("the text holds half a character (a lone surrogate)")
    return text
