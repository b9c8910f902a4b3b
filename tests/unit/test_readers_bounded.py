"""A document's journey out of a child: nothing is lost on the way, and nothing is believed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from copilot.adapters.readers import read
from copilot.adapters.readers.bounded import document, frames
from copilot.adapters.sandbox import wire
from copilot.adapters.sandbox.wire import REASONS, Fault, Frame, Garbled, packed_answer, unpacked_answer
from copilot.domain.materials import Document, Section
from copilot.errors import Unreadable

texts = st.text(st.characters(), max_size=60)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
places = st.dictionaries(
    st.sampled_from(["page", "slide", "sheet", "row", "line", "notes"]), st.integers() | texts | st.booleans()
)
days = st.none() | st.dates().map(date.isoformat)
sections = st.builds(
    Section,
    text=texts,
    heading=st.lists(texts, max_size=4).map(tuple),
    locator=places,
    fields=st.dictionaries(texts, texts, max_size=4),
    valid_from=days,
    valid_until=days,
)
documents = st.builds(
    Document,
    title=texts,
    sections=st.lists(sections, max_size=6).map(tuple),
    meta=st.dictionaries(texts, plain, max_size=5),
    warnings=st.lists(texts, max_size=3).map(tuple),
)


def arriving(sent: bytes) -> Callable[[int], bytes]:
    place = 0

    def take(length: int) -> bytes:
        nonlocal place
        if place + length > len(sent):
            raise EOFError
        place += length
        return sent[place - length : place]

    return take


def travelled(answer: Iterator[Frame]) -> Document:
    return document(unpacked_answer(arriving(b"".join(packed_answer(answer)))))


@given(documents)
def test_a_document_arrives_as_it_left(read_there: Document) -> None:
    arrived = travelled(frames(read_there))
    assert arrived == read_there
    # 1, 1.0 and True are equal, and yet not the same.
    assert repr(arrived) == repr(read_there)


@given(st.dates(), st.datetimes())
def test_dates_of_front_matter_arrive_as_they_were_read(day: date, moment: datetime) -> None:
    front = f"valid_from: {day}\nat: {moment}\ndays: [{day}, {{also: 1.5}}]\n"
    there = read("a.md", f"---\n{front}---\ntea".encode())
    assert travelled(frames(there)) == there
    assert there.meta["valid_from"] == day.isoformat()


@given(documents, st.data())
def test_an_answer_that_breaks_off_is_no_document(read_there: Document, data: Any) -> None:
    sent = b"".join(packed_answer(frames(read_there)))
    cut = data.draw(st.integers(0, len(sent) - 1))
    with pytest.raises(EOFError):
        document(unpacked_answer(arriving(sent[:cut])))


@given(st.binary(max_size=200))
def test_noise_is_never_a_document(noise: bytes) -> None:
    with pytest.raises((EOFError, Garbled, Unreadable, Fault)):
        document(unpacked_answer(arriving(noise)))


HEAD: dict[str, Any] = {"title": "a", "meta": {}, "warnings": []}
PLACE: dict[str, Any] = {"heading": [], "locator": {}, "fields": {}, "from": None, "until": None}


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [({**HEAD, "title": None}, b"")],
        [({**HEAD, "meta": []}, b"")],
        [({**HEAD, "warnings": "image_only"}, b"")],
        [(HEAD, b""), ({**PLACE, "heading": [1]}, b"")],
        [(HEAD, b""), ({**PLACE, "locator": {"page": [1]}}, b"")],
        [(HEAD, b""), ({**PLACE, "fields": {"a": 1}}, b"")],
        [(HEAD, b""), ({**PLACE, "from": 20261124}, b"")],
        [(HEAD, b""), (PLACE, b"\xff\xfe")],
    ],
)
def test_a_frame_of_another_form_is_garbled(answer: list[Frame]) -> None:
    with pytest.raises(Garbled):
        travelled(iter(answer))


def test_a_refusal_crosses_with_its_values_and_the_parsers_word() -> None:
    def refused() -> Iterator[Frame]:
        yield HEAD, b""
        raise Unreadable("window", row=2, value="某天") from ValueError("no such day")

    with pytest.raises(Unreadable) as caught:
        travelled(refused())
    assert (caught.value.message_id, dict(caught.value.params)) == (
        "unreadable.window",
        {"row": 2, "value": "某天"},
    )
    assert "no such day" in str(caught.value.__cause__)


def test_an_answer_over_the_limit_is_too_heavy_wherever_it_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def long() -> Iterator[Frame]:
        for _ in range(10):
            yield PLACE, b"x" * 600

    sent = b"".join(packed_answer(long()))
    monkeypatch.setattr(wire, "MAX_ANSWER", 5_000)
    monkeypatch.setattr(wire, "MAX_HEAD", 0)
    with pytest.raises(Garbled):
        list(unpacked_answer(arriving(sent)))
    monkeypatch.setattr(wire, "MAX_HEAD", 500)
    with pytest.raises(Unreadable, match="too_heavy"):
        list(unpacked_answer(arriving(b"".join(packed_answer(long())))))


def test_every_reason_that_may_cross_is_worded_with_just_its_values() -> None:
    folder = Path(__file__).parents[2] / "copilot/translations/messages/readers.yaml"
    worded = {
        key.removeprefix("unreadable."): set(re.findall(r"{(\w+)}", wording["en"]))
        for key, wording in yaml.safe_load(folder.read_text("utf-8")).items()
        if key.startswith("unreadable.")
    }
    assert worded == {reason: set(values) for reason, values in REASONS.items()}
