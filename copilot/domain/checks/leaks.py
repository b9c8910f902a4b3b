"""Leaks: words of the prompt, its fences, and talk of prompts, which are for no reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message
from copilot.domain.orders import machine_talk
from copilot.domain.sentences import HAN

# So many words in a row, or so many Han characters, nobody writes by chance.
_WORDS, _SIGNS = 7, 12
_TOKEN = re.compile(f"[{HAN}]|[A-Za-z0-9]+(?:['’][A-Za-z]+)*")
_Token = tuple[str, int, int]
_FENCE = re.compile(r"<{3,}|>{3,}|‹‹|››|(?:END OF )?PASSAGE \d{1,2}\b|素材 ?\d{1,2} ?(?:完|｜)|内部参考 ?\d")
_HEAD = re.compile(r"^(?:【[^】\n]{2,12}】|[A-Z][A-Z ]{5,40}$)", re.M)


class Secrets:
    """What a prompt says to every writer, ready to be looked for in copy."""

    def __init__(self, texts: Iterable[str]) -> None:
        texts = tuple(texts)
        read = [_tokens(text) for text in texts]
        self._runs = frozenset(run for tokens in read for run, _, _ in _runs(tokens))
        self._pairs = frozenset(pair for tokens in read for pair in pairwise(word for word, _, _ in tokens))
        self._heads = frozenset(match[0] for text in texts for match in _HEAD.finditer(text))

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        """The stretches of the text that stand in a prompt, longest as they come, and the headings of its parts."""
        yield from (match.span() for match in _HEAD.finditer(text) if match[0] in self._heads)
        for tokens in self._stretches(_tokens(text)):
            start = end = -1
            for run, low, high in _runs(tokens):
                if run not in self._runs:
                    continue
                if low > end and end > start:
                    yield start, end
                    start = -1
                start, end = (low if start < 0 else start), high
            if end > start >= 0:
                yield start, end

    def _stretches(self, tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
        """Where every two neighbours are neighbours in a prompt, too: outside of these no run of words can be."""
        stretch = list(tokens[:1])
        for one, other in pairwise(tokens):
            if (one[0], other[0]) not in self._pairs:
                yield stretch
                stretch = []
            stretch.append(other)
        yield stretch


def leaks(text: str, secrets: Secrets) -> tuple[Finding, ...]:
    """Blocks what an obedient model lets out of its prompt."""
    found = [("prompt_text", *span) for span in secrets.found(text)]
    found += [("fence", *match.span()) for match in _FENCE.finditer(text)]
    found += [("machine_talk", *span) for span in machine_talk(text)]
    return tuple(_finding(text, rule, start, end) for rule, start, end in sorted(found, key=lambda f: f[1:]))


def _finding(text: str, rule: str, start: int, end: int) -> Finding:
    reason = Message(f"finding.privacy.{rule}")
    return Finding(Check.PRIVACY, rule, Severity.BLOCK, start, end, text[start:end], reason)


def _tokens(text: str) -> list[_Token]:
    """Words and Han characters without case and punctuation, each with its place."""
    return [(match[0].lower().replace("’", "'"), *match.span()) for match in _TOKEN.finditer(text)]


def _runs(tokens: Sequence[_Token]) -> Iterator[_Token]:
    """Every run of words that is long enough, with its place."""
    for at in range(len(tokens)):
        weight, reach = 0.0, at
        while reach < len(tokens) and weight < 1:
            token = tokens[reach][0]
            weight += 1 / _WORDS if token[0].isascii() else 1 / _SIGNS
            reach += 1
        if weight >= 0.999:
            yield " ".join(token for token, _, _ in tokens[at:reach]), tokens[at][1], tokens[reach - 1][2]
