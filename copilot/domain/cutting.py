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
