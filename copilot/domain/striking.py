"""Which sentences of a copy findings touch, and the copy without them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from copilot.domain.brands import Language
from copilot.domain.findings import Finding
from copilot.domain.sentences import sentences

Span = tuple[int, int]


def touched(text: str, findings: Iterable[Finding], language: Language) -> list[Span]:
    """The spans of the sentences in which these findings lie, in order; one about the whole copy touches none."""
    marked = [(finding.start, finding.end) for finding in findings if finding.end > finding.start]
    return [
        (start, end)
        for start, end in sentences(text, language)
        if any(begin < end and start < stop for begin, stop in marked)
    ]


def without(text: str, spans: Iterable[Span]) -> str:
    """The copy with these spans taken out, whether or not they overlap, and with no gap where they stood."""
    for start, end in reversed(_apart(spans)):
        before, after = text[:start], text[end:]
        is_alone = before[-1:] in ("", "\n") and after[:1] in ("", "\n")
        text = before.rstrip(" ") + after if is_alone else before + after.lstrip(" \u3000")
    lines = (line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The same stretches in order, none touching the next."""
    apart: list[Span] = []
    for start, end in sorted(spans):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
