"""Cuts Chinese text into words, by a dictionary that is loaded when the first text comes: no command waits for it in vain."""

from __future__ import annotations


def cut(text: str) -> list[str]:
    """The words of a text in order; joined again they give the text."""
    import rjieba

    return list(rjieba.cut(text))


def cut_for_search(text: str) -> list[str]:
    """As `cut`, and long words also in their parts: what somebody may look for."""
    import rjieba

    return list(rjieba.cut_for_search(text))


def is_word(token: str) -> bool:
    """Whether the dictionary knows this word; `cut` also makes up words of what it does not know."""
    import rjieba

    return bool(rjieba.has_word(token))


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of a text with their parts of speech, as ICTCLAS names them: n is a noun, v a verb."""
    import rjieba

    return list(rjieba.tag(text))


def count(word: str) -> int:
    """How often the dictionary's texts have this word; 1 for one that it does not know."""
    import rjieba

    return int(rjieba.suggest_freq(word))
