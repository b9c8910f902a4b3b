"""A sample text heard through a voice that need not be kept yet: what is off, and how it would read mended."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.domain import checks
from copilot.domain.annotating import Stretch, annotate
from copilot.domain.brands import Language, Voice
from copilot.domain.checks import TermSet, ToneScore
from copilot.domain.checks.matching import Chinese
from copilot.domain.checks.tone import Marker
from copilot.domain.comparing import Change, compare
from copilot.domain.findings import Finding


@dataclass(frozen=True)
class Heard:
    """`mended` is the text with every safe fix applied, `after` its tone; `changes` lead from one to the other."""

    text: str
    tone: tuple[ToneScore, ...]
    findings: tuple[Finding, ...]
    stretches: tuple[Stretch[Marker, Finding], ...]
    mended: str
    after: tuple[ToneScore, ...]
    changes: tuple[Change, ...]

    @property
    def is_same(self) -> bool:
        return self.mended == self.text

    def band(self, score: ToneScore) -> tuple[int, int]:
        """From where to where a trait is near enough to what the voice wants."""
        return score.band


def hear(text: str, voice: Voice, language: Language, chinese: Chinese) -> Heard:
    """Tone, manners and terms alone: what a text claims has nothing to do with how it sounds."""
    found = checks.run(
        text,
        (
            lambda said: checks.terms(said, TermSet.compile(voice, chinese)),
            lambda said: checks.voice(said, voice, language),
        ),
    )
    tone = checks.in_voice(text, voice, language)
    mended = checks.apply_fixes(text, found)
    return Heard(
        text=text,
        tone=tone,
        findings=found,
        stretches=annotate(text, tone[0].markers, [one for one in found if one.end > one.start]),
        mended=mended,
        after=checks.in_voice(mended, voice, language),
        changes=compare(text, mended),
    )
