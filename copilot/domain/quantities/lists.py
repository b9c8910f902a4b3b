"""Word lists written as running text, so that a table of words stays readable."""

from __future__ import annotations


def listed(*lines: str) -> list[str]:
    """The words of the lines, which are separated by blanks."""
    return " ".join(lines).split()
