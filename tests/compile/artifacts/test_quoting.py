"""Any text survives quoting, in every format, and reads back as itself in one piece."""

import re
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from oceana_dr.compile.artifacts import quoting

NASTY = (
    "",
    "'",
    '"',
    "\u2019; Remove-Item",
    "$(x)",
    "`n",
    "a: b",
    "# no",
    "- x",
    "yes",
    "1e3",
    "\n",
    "\r\n",
    "\\",
    "\0",
)
texts = st.text() | st.sampled_from(NASTY)
json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def read_powershell(source: str) -> str:
    """The value of a quoted expression, by the rules of Windows PowerShell; fails on anything else."""
    assert source.isascii()
    found: list[str] = []
    rest = source.removeprefix("(").removesuffix(")") if source.startswith("(") else source
    assert rest.startswith("'")  # a character first would make `+` add numbers
    while rest:
        if match := re.match(r"'((?:[^']|'')*)'(?!')", rest):
            found.append(match[1].replace("''", "'"))
        elif match := re.match(r"\[char\]0x([0-9A-F]{4})(?![0-9A-F])", rest):
            found.append(chr(int(match[1], 16)))
        else:
            match = re.match(r"\[char\]::ConvertFromUtf32\(0x([0-9A-F]+)\)", rest)
            assert match, rest
            found.append(chr(int(match[1], 16)))
        rest = rest[match.end() :]
        assert not rest or rest.startswith(" + ")
        rest = rest.removeprefix(" + ")
    return "".join(found)


def read_objectscript(source: str) -> str:
    """The value of a quoted expression, by the rules of ObjectScript; fails on anything else."""
    assert source.isascii()
    units: list[int] = []
    rest = source.removeprefix("(").removesuffix(")") if source.startswith("(") else source
    while rest:
        if match := re.match(r'"((?:[^"]|"")*)"(?!")', rest):
            units += map(ord, match[1].replace('""', '"'))
        else:
            match = re.match(r"\$char\(([0-9,]+)\)", rest)
            assert match, rest
            units += map(int, match[1].split(","))
        rest = rest[match.end() :]
        assert not rest or rest.startswith("_")
        rest = rest.removeprefix("_")
    return b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be")


def read_sql(source: str) -> str:
    """The value of a literal, by the rules of Oracle SQL; fails on anything else."""
    assert source.isascii()
    assert "\n" not in source
    units: list[int] = []
    rest = source.removeprefix("(").removesuffix(")") if source.startswith("(") else source
    while rest:
        if match := re.match(r"UNISTR\('((?:\\[0-9A-F]{4})+)'\)", rest):
            units += [int(unit, 16) for unit in match[1].split("\\")[1:]]
        else:
            match = re.match(r"'((?:[^']|'')*)'(?!')", rest)
            assert match, rest
            units += map(ord, match[1].replace("''", "'"))
        rest = rest[match.end() :]
        assert not rest or rest.startswith(" || ")
        rest = rest.removeprefix(" || ")
    return b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be")


def read_token(source: str) -> str:
    """The name that a token of a master file means (RFC 1035, 5.1)."""
    assert re.fullmatch(r"(?:[A-Za-z0-9._-]|\\[0-9]{3})+", source)
    return re.sub(rb"\\([0-9]{3})", lambda match: bytes([int(match[1])]), source.encode()).decode()


@given(json_like)
@example({"on": ["null", "~", "0x1F", "2001-01-01", "=", "<<", "\u2028", "\ufeff", "\x85", "\U0001f600", "é"]})
def test_yaml_reads_back_as_the_same(value: object) -> None:
    text = quoting.yaml(value)
    assert len(text.splitlines()) == 1
    for reader in (YAML(typ="safe", pure=True), YAML(typ="safe")):  # in Python, and libyaml
        assert reader.load(f"key: {text}\n")["key"] == value


@given(texts)
def test_yaml_keys_read_back_as_the_same(value: str) -> None:
    assert YAML(typ="safe", pure=True).load(f"{quoting.yaml(value)}: 1\n") == {value: 1}


@given(texts)
def test_powershell_reads_back_as_the_same(value: str) -> None:
    assert read_powershell(quoting.powershell(value)) == value


@given(texts)
def test_objectscript_reads_back_as_the_same(value: str) -> None:
    assert read_objectscript(quoting.objectscript(value)) == value


@given(texts.filter(bool))
def test_an_nsupdate_token_reads_back_as_the_same(value: str) -> None:
    assert read_token(quoting.nsupdate(value)) == value


@given(texts)
def test_sql_reads_back_as_the_same(value: str) -> None:
    assert read_sql(quoting.sql(value)) == value


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
@example("\t\r\n<!-- ]]> \" ' & &amp;")
def test_xml_reads_back_as_the_same(value: str) -> None:
    text = f'<a b="{quoting.xml(value)}">{quoting.xml(value)}</a>'
    element = ET.fromstring(text)
    assert (element.get("b"), element.text or "") == (value, value)


@given(texts)
@example("--> <x/> <!--")
@example("---")
def test_a_remark_does_not_end_its_comment(value: str) -> None:
    element = ET.fromstring(f"<a><!--\n {quoting.xml_remark(value)}\n--><b/></a>")
    assert [child.tag for child in element] == ["b"]


@given(texts)
def test_words_of_a_comment_end_no_command(value: str) -> None:
    text = quoting.ascii_words(value)
    assert text.isascii()
    assert text.isprintable()
    assert ";" not in text


@given(texts)
@example("10.1.2.3 evil")
@example("a#b")
@example("a\n0.0.0.0 b")
def test_a_hosts_entry_takes_a_name_or_nothing(value: str) -> None:
    try:
        text = quoting.hosts(value)
    except quoting.Unquotable:
        return
    assert text == value
    assert text.split() == [value]
    assert "#" not in text


@given(texts.map("https://x/".__add__) | texts)
@example("javascript:alert(1)")
@example(" https://x")
@example("https://x\n")
@example('https://x" onclick="y')
@example("https://x/\u00fc?a=%20&b='")
def test_a_link_leads_to_a_web_page_or_is_refused(value: str) -> None:
    try:
        text = quoting.web_address(value)
    except quoting.Unquotable:
        assert not value.startswith("https://x")
        return
    assert value.startswith(("http://", "https://"))
    address = ET.fromstring(f'<a href="{text}"/>').attrib["href"]
    assert address.isascii()
    assert not set(address) & set(" \"'<>\n") - {"'"}
    assert unquote(address) == unquote(value)


@given(texts)
@example("orcl; SHUTDOWN")
@example("orcl'")
def test_a_database_is_one_word_or_is_refused(value: str) -> None:
    try:
        text = quoting.dgmgrl(value)
    except quoting.Unquotable:
        return
    assert text in (value, f"'{value}'")
    assert not set(value) & set("';\n ")


def test_a_name_that_the_broker_would_fold_is_in_quotes() -> None:
    assert quoting.dgmgrl("orcl_stby") == "orcl_stby"
    assert quoting.dgmgrl("ORCL") == "'ORCL'"


def test_a_control_character_has_no_form_in_xml() -> None:
    with pytest.raises(quoting.Unquotable, match="control character"):
        quoting.xml("\x01")


@given(texts)
def test_a_remark_stays_on_its_line(value: str) -> None:
    for text in (quoting.remark(value), quoting.ascii_remark(value)):
        assert text.isprintable()
    assert quoting.ascii_remark(value).isascii()


def test_names_and_addresses_are_written_as_people_write_them() -> None:
    assert quoting.nsupdate("token.globex.example.") == "token.globex.example."
    assert quoting.powershell("it's") == "'it''s'"
    assert quoting.objectscript('say "x"') == '"say ""x"""'
    assert quoting.yaml("aoc1.dc1.acme.example") == "aoc1.dc1.acme.example"
    assert quoting.yaml("true") == '"true"'
    assert quoting.yaml("10.11.1.10") == '"10.11.1.10"'


def test_an_empty_token_is_refused() -> None:
    with pytest.raises(quoting.Unquotable, match="empty token"):
        quoting.nsupdate("")


@pytest.mark.parametrize("quote", quoting.FILTERS.values(), ids=quoting.FILTERS)
def test_half_a_character_is_refused(quote: object) -> None:
    assert callable(quote)
    with pytest.raises(quoting.Unquotable, match="half a character"):
        quote("\ud83d")


@pytest.mark.parametrize(
    "quote",
    [
        quoting.powershell,
        quoting.objectscript,
        quoting.nsupdate,
        quoting.xml,
        quoting.web_address,
        quoting.hosts,
        quoting.dgmgrl,
        quoting.sql,
    ],
)
def test_what_is_neither_text_nor_number_is_refused(quote: object) -> None:
    assert callable(quote)
    with pytest.raises(quoting.Unquotable, match="text is wanted"):
        quote(True)


def test_yaml_has_no_form_for_other_objects() -> None:
    with pytest.raises(quoting.Unquotable, match="no form for float"):
        quoting.yaml([1.5])
