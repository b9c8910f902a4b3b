"""Copy without some of its sentences: nothing else is lost, and no gap tells where they stood."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.brands import Language
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message
from copilot.domain.sentences import sentences
from copilot.domain.striking import touched, without

TEXT = "早，水开了。\n一盒 20 泡。一盒 9 元。\n\n茶凉了再续。"


def finding(text: str, word: str) -> Finding:
    start = text.index(word) if word else 0
    return Finding(
        Check.CLAIMS, "unsupported", Severity.BLOCK, start, start + len(word), word, Message("any"), None
    )


def test_a_finding_touches_the_sentence_it_lies_in_and_one_about_the_whole_touches_none() -> None:
    (span,) = touched(TEXT, [finding(TEXT, "9 元"), finding(TEXT, "")], Language.ZH)
    assert TEXT[slice(*span)] == "一盒 9 元。"


def test_a_line_that_loses_its_only_sentence_is_gone() -> None:
    first, *_ = touched(TEXT, [finding(TEXT, "水开")], Language.ZH)
    assert without(TEXT, [first]) == "一盒 20 泡。一盒 9 元。\n\n茶凉了再续。"
    assert without("One. Two. Three.", [(5, 9)]) == "One. Three."


@given(
    st.data(),
    st.lists(
        st.sampled_from(["水开了。", "Hot. ", "\n", " ", "几点来？", "好", "\n\n", "20 泡。"]), max_size=12
    ),
)
def test_what_is_not_struck_stays_letter_for_letter(data: st.DataObject, parts: list[str]) -> None:
    text = "".join(parts)
    spans = sentences(text, Language.ZH)
    struck = data.draw(st.sets(st.sampled_from(spans)) if spans else st.just(set()))
    left = without(text, struck)
    kept = ["".join(text[a:b].split()) for a, b in spans if (a, b) not in struck]
    assert "".join(left.split()) == "".join(kept)
    assert "\n\n\n" not in left and left == left.strip()


OPTIONS = "One is here. Two is not.\nA. four\nB. five\nThree stays."


def test_what_lies_twice_in_the_spans_is_taken_out_once() -> None:
    at = OPTIONS.index
    spans = [
        (at("Two"), at("\nA")),
        (at("A."), at("\nB")),
        (at("A."), at("\nThree")),
        (at("B."), at("\nThree")),
    ]
    assert without(OPTIONS, spans) == "One is here.\n\nThree stays."


@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))), max_size=6))
def test_spans_may_overlap(drawn: list[tuple[int, int]]) -> None:
    spans = [(min(one), max(one)) for one in drawn]
    taken = {at for start, end in spans for at in range(start, end)}
    kept = "".join(one for at, one in enumerate(TEXT) if at not in taken)
    assert "".join(without(TEXT, spans).split()) == "".join(kept.split())
