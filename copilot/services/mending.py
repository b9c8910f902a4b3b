"""Mends a model's copy: what blocks is said anew, sentence by sentence where it can be; in the end it is struck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from copilot.domain.drafts import Brief, Sentence
from copilot.domain.findings import Check, Finding, Verdict, blocking
from copilot.domain.likeness import jaccard, pieces
from copilot.domain.messages import Message
from copilot.domain.striking import touched, without
from copilot.errors import ExternalError
from copilot.prompts import Prompts
from copilot.services import briefing
from copilot.services.checking import Checked, Checking
from copilot.services.hearing import Broken, Model
from copilot.services.modelcare import Purpose

log = structlog.get_logger()

REPAIRS = 2
_KIN = 0.2  # Of a sentence said anew: what shares less with the old one, and states nothing, is talk about the task.
_MOST_SENTENCES = 3  # With more to mend, the whole is cheaper to write anew.
# What a weak model tells of its task: asked to say it otherwise, it would tell it again.
_TASK = frozenset({"prompt_text", "machine_talk"})
_FACTS = 2  # Sentences with a source that make a post; a person judges a copy that would be left with fewer.


@dataclass(frozen=True)
class Mended:
    """Copy as the repairs left it.

    `struck` are sentences of the prompt, and those that nothing supported, even said anew.
    """

    text: str
    checked: Checked
    repairs: int = 0
    struck: tuple[str, ...] = ()


class Mending:
    def __init__(self, *, checking: Checking, prompts: Prompts, word: Callable[[Message, str], str]) -> None:
        self._checking = checking
        self._prompts = prompts
        self._word = word

    def mend(self, text: str, brief: Brief, model: Model) -> Mended:
        """The copy after at most `REPAIRS` repairs; what still blocks then stays visible to the person.

        A call that fails ends the repairs and loses nothing.
        """
        now = Mended(text, self._checking.check_brief(text, brief))
        talk = [finding for finding in blocking(now.checked.findings) if finding.rule in _TASK]
        now = self._without(talk, now, brief, self._checking.check_brief)
        while not model.is_stopped and now.repairs < REPAIRS and blocking(now.checked.findings):
            model.note("repairing")
            try:
                now = replace(self._again(now, brief, model), repairs=now.repairs + 1)
            except (ExternalError, Broken):
                log.warning("draft.repair_failed", model=model.name)
                break
        # Whether it kept to its passages is asked last: a model that strayed would stray again.
        now = replace(now, checked=self._checking.of_model(now.checked, brief))
        if model.is_stopped:
            return now
        # Only claims are struck in the end: an address or a word that must not be is for a person to see.
        unsupported = [finding for finding in blocking(now.checked.findings) if finding.check is Check.CLAIMS]
        return self._without(unsupported, now, brief, self._checking.check_model)

    def _again(self, now: Mended, brief: Brief, model: Model) -> Mended:
        found = blocking(now.checked.findings)
        spans = touched(now.text, found, brief.brand.language)
        is_local = all(finding.end > finding.start for finding in found)
        if not is_local or len(spans) > _MOST_SENTENCES:
            return self._whole(now, found, brief, model)
        for start, end in reversed(spans):
            reasons = [f for f in found if f.start < end and start < f.end]
            now = self._resaid(now, Sentence(now.text, start, end), reasons, brief, model)
        return now

    def _whole(self, now: Mended, found: Sequence[Finding], brief: Brief, model: Model) -> Mended:
        mending = briefing.repair(brief, self._prompts, now.text, self._reasons(found, brief))
        heard = model.ask(mending, Purpose.REPAIR)
        if heard.was_stopped:
            return now
        return self._better(now, briefing.copied(heard.text, brief, was_short=heard.was_short), brief)

    def _resaid(
        self, now: Mended, sentence: Sentence, found: Sequence[Finding], brief: Brief, model: Model
    ) -> Mended:
        mending = briefing.resaying(brief, self._prompts, sentence, self._reasons(found, brief))
        heard = model.ask(mending, Purpose.REPAIR, aloud=False)
        said = " ".join(briefing.clean(heard.text).split())
        if not said or heard.was_stopped:
            return now
        # Cleaned as a whole: what stands elsewhere already is not said twice.
        better = self._better(now, briefing.clean(sentence.replaced(said)), brief)
        is_kin = jaccard(pieces(said), pieces(sentence.text)) >= _KIN
        return better if is_kin or _rests(better.checked, sentence.start) else now

    def _better(self, now: Mended, text: str, brief: Brief) -> Mended:
        """A weak model may answer with a complaint or with nothing to object to: taken is what is better and tells as much."""
        if not text:
            return now
        text = briefing.completed(text, brief)
        checked = self._checking.check_brief(text, brief)
        is_better = len(blocking(checked.findings)) < len(blocking(now.checked.findings))
        tells = _told(checked) >= min(_FACTS, _told(now.checked))
        return replace(now, text=text, checked=checked) if is_better and tells else now

    def _without(
        self, found: Sequence[Finding], now: Mended, brief: Brief, check: Callable[[str, Brief], Checked]
    ) -> Mended:
        """The copy without the sentences of these findings, if that is better and leaves a post."""
        spans = touched(now.text, found, brief.brand.language)
        if not spans:
            return now
        text = briefing.completed(without(now.text, spans), brief)
        checked = check(text, brief)
        is_better = len(blocking(checked.findings)) < len(blocking(now.checked.findings))
        if _told(checked) < _FACTS or not is_better:
            return now
        struck = tuple(now.text[start:end] for start, end in spans)
        return replace(now, text=text, checked=checked, struck=(*now.struck, *struck))

    def _reasons(self, found: Sequence[Finding], brief: Brief) -> list[str]:
        language = brief.brand.language
        return [f"{finding.text}: {self._word(finding.reason, language)}".lstrip(": ") for finding in found]


def _told(checked: Checked) -> int:
    """Sentences that stand on the library."""
    return sum(claim.verdict is Verdict.SUPPORTED for claim in checked.claims)


def _rests(checked: Checked, at: int) -> bool:
    """Whether the sentence that begins here stands on the library."""
    return any(claim.start == at and claim.verdict is Verdict.SUPPORTED for claim in checked.claims)
