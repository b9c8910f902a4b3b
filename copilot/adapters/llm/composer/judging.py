"""Holds a finished attempt against what was asked: length, share, measure, repetition and evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping

from copilot.adapters.llm.composer.frames import Words
from copilot.adapters.llm.composer.reading import said_beside
from copilot.domain.brands import Language
from copilot.domain.channels import LIMITS
from copilot.domain.checks.measures import length
from copilot.domain.checks.welcome import welcome_order
from copilot.domain.columns import Form
from copilot.domain.drafts import Brief
from copilot.domain.findings import Severity
from copilot.domain.forms import numbering, quiz_options
from copilot.domain.grounding import ledger
from copilot.domain.grounding.options import settled
from copilot.domain.likeness import jaccard, pieces, said
from copilot.domain.sentences import sentences

_EXCLAMATION = re.compile("[!！]")
_GREETING = {Language.ZH: 8, Language.EN: 5}  # "Good morning, neighbours." may be said every day.
_COPIED_AT_MOST = 0.6
_LINE_ENDS = 10  # A channel counts line ends, too; a column's length does not.
_OUT_OF_ORDER = 5.0
_ALIKE_AT_MOST = 0.3  # of four-character pieces shared with a recent text; readers notice at about .35


class Judge:
    """Measures attempts at one brief. A fault of 0 is right; the least fault is the best there is."""

    def __init__(self, brief: Brief, words: Words) -> None:
        self._brief = brief
        self._language = brief.brand.language
        self.least, self.most = _length(brief, words)
        self._own = tuple(
            filter(None, (brief.column.call_to_action, brief.voice.sign_off, *brief.voice.greetings))
        )
        # A welcome is read once by each newcomer, so earlier welcomes do not matter.
        recent = () if brief.column.form is Form.WELCOME else brief.recent
        self._recent = [(pieces(text), set(self._told(text))) for text in recent]
        self._beside = said_beside(brief.beside, self._language)

    def fault(self, text: str, copied: Mapping[int, int], worst: float) -> float:
        """How far the clean text is from right; the evidence is only looked at below a fault of `worst`."""
        actual = length(text, self._language)
        fault = float(max(0, self.least - actual) + max(0, actual - self.most))
        if max(copied.values(), default=0) > _COPIED_AT_MOST * len(text):
            fault += 100
        fault += 20 * max(0, len(_EXCLAMATION.findall(text)) - self._brief.voice.max_exclamations)
        if self._brief.column.form is Form.WELCOME:
            fault += _OUT_OF_ORDER * len(welcome_order(text, self._language))
        fault += self._repeated(text)
        return fault + self._unproven(text) if fault < worst else fault

    def _repeated(self, text: str) -> float:
        ours, told = pieces(text), self._told(text)
        closing = (self._brief.column.call_to_action, self._brief.voice.sign_off)
        fault = 2.0 * sum(one in self._beside for one in said(text, self._language, allowed=closing))
        for theirs, sentences_told in self._recent:
            fault += max(0.0, jaccard(ours, theirs) - _ALIKE_AT_MOST) * 30
            fault += 2.0 * sum(sentence in sentences_told for sentence in told)
        return fault

    def _told(self, text: str) -> list[str]:
        """The sentences that are not the voice's or the column's own, nor as short as a greeting."""
        spans = [text[start:end] for start, end in sentences(text, self._language)]
        return [
            sentence
            for sentence in spans
            if length(sentence, self._language) > _GREETING[self._language]
            and not any(sentence in own or own in sentence for own in self._own)
        ]

    def _unproven(self, text: str) -> float:
        """What the claim ledger finds in our own part of the text: the rest is not ours to mend."""
        brief = self._brief
        form = brief.column.form
        told = ledger(
            text,
            brief.sources,
            at=brief.starts_at,
            language=self._language,
            products=brief.brand.products,
            furniture=self._own,
            numbering=numbering(form, text, self._language),
        )
        fault = 0.0
        for finding in settled(told, quiz_options(form, text)).findings:
            if not any(finding.text in own for own in self._own):
                fault += 50 if finding.severity is Severity.BLOCK else 5
        return fault


def _length(brief: Brief, words: Words) -> tuple[int, int]:
    """The column's length, narrowed by what the channel takes well and by the instruction."""
    least, most = brief.column.length
    comfortable = LIMITS[brief.channel].comfortable
    if brief.brand.language is Language.ZH and comfortable is not None and comfortable - _LINE_ENDS > least:
        most = min(most, comfortable - _LINE_ENDS)
    wish = brief.instruction.lower()
    if any(word in wish for word in words.shorter):
        most = least + max(1, (most - least) // 2)
    elif any(word in wish for word in words.longer):
        least += (most - least) // 2
    return least, most
