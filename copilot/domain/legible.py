"""What of a text a reader can see: nothing is kept or sent that only a machine would take for words."""

from __future__ import annotations

import re
import unicodedata

# Unicode calls these letters and a symbol, and every font leaves their place blank.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Line ends of other machines, and the control characters but for the tab and the line end.
_CONTROL = re.compile("\r\n?|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# A terminal obeys the former, and with the latter a line reads otherwise than it is.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text as it can be pasted: one kind of line end, no control characters, nothing around it.

    A browser sends line ends that a chat would show as two, and a database may refuse a NUL.
    """
    return _CONTROL.sub(_line_end, text).strip()


class PlainStream:
    """`plain` for a text that comes in pieces; only the white space around the whole is left to whoever has it."""

    def __init__(self) -> None:
        self._ended_line = False

    def feed(self, piece: str) -> str:
        if not piece:
            return ""
        # One line end may come in two pieces.
        rest = piece.removeprefix("\n") if self._ended_line else piece
        self._ended_line = piece.endswith("\r")
        return _CONTROL.sub(_line_end, rest)


def plain_with_places(text: str) -> tuple[str, list[int]]:
    """The text as `plain` makes it but with the white space around it, and where in `text` each character stands."""
    said: list[str] = []
    places: list[int] = []
    past = 0
    for found in _CONTROL.finditer(text):
        said += text[past : found.start()], _line_end(found)
        places += range(past, found.start())
        past = found.end()
        if said[-1]:
            places.append(past - 1)
    places += range(past, len(text))
    return "".join([*said, text[past:]]), places


def spelled(text: str) -> str:
    """The text with what steers a terminal, or turns a line round, written out as JSON writes it: \\u001b.

    Line ends and tabs stay.
    """
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def is_written(text: str) -> bool:
    """Whether it has a letter, a figure or a picture: punctuation and what nobody sees are no text."""
    return any((sign.isalnum() or unicodedata.category(sign) == "So") and sign not in _BLANK for sign in text)


def has_words(text: str, least: int = 1) -> bool:
    """Whether it has so many letters or figures; a Chinese character is one."""
    return sum(sign.isalnum() and sign not in _BLANK for sign in text) >= least


def is_reason(text: str) -> bool:
    """Whether somebody who asks later finds a word there, and no mark that was put to get past the field."""
    return has_words(text, least=2)


def reason_fault(text: str, missing: str) -> str | None:
    """What is wrong with a reason, as a message: `missing` where none is written; None where it is one."""
    if is_reason(text):
        return None
    return "invalid.wordless" if is_written(text) else missing


def _line_end(found: re.Match[str]) -> str:
    return "\n" if found[0].startswith("\r") else ""
