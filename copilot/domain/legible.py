"""What of a text a reader can see: nothing is kept or sent that only a machine would take for words."""

from __future__ import annotations

import unicodedata

# Unicode calls these letters and a symbol, and every font leaves their place blank.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def plain(text: str) -> str:
    """The text as it can be pasted: one kind of line end, no control characters, nothing around it.

    A browser sends line ends that a chat would show as two, and a database may refuse a NUL.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc").strip()


def is_written(text: str) -> bool:
    """Whether it has a letter, a figure or a picture: punctuation and what nobody sees are no text."""
    return any((sign.isalnum() or unicodedata.category(sign) == "So") and sign not in _BLANK for sign in text)


def has_words(text: str, least: int = 1) -> bool:
    """Whether it has so many letters or figures; a Chinese character is one."""
    return sum(sign.isalnum() and sign not in _BLANK for sign in text) >= least


def is_reason(text: str) -> bool:
    """Whether somebody who asks later finds a word there, and no mark that was put to get past the field."""
    return has_words(text, least=2)
