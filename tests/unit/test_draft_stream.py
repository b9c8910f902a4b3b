"""The stream of a draft: what the browser swaps in is text, never markup, and it can begin again."""

from __future__ import annotations

from copilot.services.events import Event
from copilot.web.generations import _stream


def _lines(*events: Event | None, locale: str = "en", from_start: bool = False) -> str:
    return "".join(_stream(iter(events), locale, from_start=from_start))


def test_copy_that_looks_like_markup_reaches_the_page_as_text() -> None:
    told = _lines(Event(3, "delta", "<img src=x onerror=alert(1)> 5 & 6"))
    assert "<img" not in told
    assert "data: &lt;img src=x onerror=alert(1)&gt; 5 &amp; 6\n" in told
    assert told.startswith("id: 3\nevent: delta\n")


def test_line_breaks_of_the_copy_survive() -> None:
    assert _lines(Event(1, "delta", "one\ntwo\n")) == "id: 1\nevent: delta\ndata: one\ndata: two\ndata: \n\n"


def test_a_tail_from_the_beginning_first_empties_the_page() -> None:
    """The page may show what came so far already; without this it would stand there twice."""
    assert _lines(Event(1, "delta", "a"), from_start=True).startswith("event: restart\ndata: \n\n")
    assert "restart" not in _lines(Event(8, "delta", "a"))


def test_a_note_is_worded_in_the_readers_language() -> None:
    assert "The checks objected. Repairing…" in _lines(Event(2, "note", "repairing"))
    assert "检查没通过，正在修改……" in _lines(Event(2, "note", "repairing"), locale="zh_Hans")


def test_silence_is_a_comment_that_keeps_the_connection_open() -> None:
    assert _lines(None) == ": waiting\n\n"
