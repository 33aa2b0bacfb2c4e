"""Answers that were cut, mixed up or echoed: never taken for whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceana_dr.drivers.mirror.records import Garbled, read_records, record

WORD = "00ff00ff00ff00ff"
VALUES = {"namespace": "%SYS", "member": "2", "members.1.3": "Connected", "odd": r"\x3c\u00e9\"\/"}


def whole(values: dict[str, str]) -> bytes:
    lines = [record(WORD, key, value) for key, value in values.items()]
    lines.append(record(WORD, "end", str(len(values))))
    return "\n%SYS>".join(["Node: A, Instance: CCDSINSTANCE", *lines, ""]).encode()


WHOLE = whole(VALUES)
READ = {**VALUES, "odd": '<é"/'}


def test_a_whole_answer_is_read_whatever_stands_around_it() -> None:
    assert read_records(WHOLE, WORD) == READ
    echoed = b'%SYS>write !,$char(79,68,82),"|",odrn\r\n' + WHOLE.replace(b"\n", b"\r\n")
    assert read_records(echoed, WORD) == READ


@pytest.mark.parametrize("said", [b"", b"Username: ", b"Access Denied", WHOLE.rpartition(b"ODR|")[0]])
def test_no_end_is_no_answer(said: bytes) -> None:
    with pytest.raises(Garbled, match="no end"):
        read_records(said, WORD)


def test_an_answer_to_another_question_is_none() -> None:
    with pytest.raises(Garbled, match="no end"):
        read_records(WHOLE, "11ff00ff00ff00ff")


def mutilated(data: bytes) -> st.SearchStrategy[bytes]:
    places = st.integers(0, len(data) - 1)
    return st.one_of(
        places.map(lambda at: data[:at]),
        st.tuples(places, places).map(lambda cut: data[: min(cut)] + data[max(cut) + 1 :]),
        st.tuples(places, st.binary(min_size=1, max_size=4)).map(lambda new: data[: new[0]] + new[1] + data[new[0] :]),
        st.tuples(places, st.integers(1, 255)).map(
            lambda flip: data[: flip[0]] + bytes([data[flip[0]] ^ flip[1]]) + data[flip[0] + 1 :]
        ),
        st.tuples(places, places).map(lambda part: data[min(part) : max(part)] + data),
        st.permutations(data.splitlines(keepends=True)).map(b"".join),
    )


@settings(max_examples=300)
@given(mutilated(WHOLE))
def test_what_was_mutilated_is_whole_or_no_answer(said: bytes) -> None:
    try:
        found = read_records(said, WORD)
    except Garbled:
        return
    assert found == READ
