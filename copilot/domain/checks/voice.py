"""The brand's manners: how it addresses people, how loud it is, how long its sentences are, its tone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.domain.brands import Language, Voice
from copilot.domain.checks.measures import emoji, exclamations, inside, length, quotations
from copilot.domain.checks.tone import Marker, ToneScore, Trait, in_voice
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message
from copilot.domain.sentences import sentences

# 你 as part of a word or a saying addresses nobody.
_YOU = re.compile(r"(?<!迷)你(?!追我赶|一言我|一句我|来我往|侬我侬|好，世界|中有我|我他)们?")
_YOU_POLITE = re.compile(r"您")


def voice(text: str, wanted: Voice, language: Language) -> tuple[Finding, ...]:
    """All that the voice's rules object to, in the order of the text."""
    found = [
        *_address(text, wanted, language),
        *_emoji(text, wanted),
        *_exclamations(text, wanted),
        *_long_sentences(text, wanted, language),
        *_tone(text, wanted, language),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.end)))


def _address(text: str, wanted: Voice, language: Language) -> Iterator[Finding]:
    """你 where the brand says 您 or the other way; where it does not care, whichever is rarer in a mix."""
    if language is not Language.ZH:
        return
    quoted = quotations(text)

    def outside(pattern: re.Pattern[str]) -> list[re.Match[str]]:
        return [m for m in pattern.finditer(text) if not inside(quoted, m.start())]

    plain, polite = outside(_YOU), outside(_YOU_POLITE)
    if wanted.address in ("你", "您"):
        wrong, rule, right = (polite if wanted.address == "你" else plain), "address", wanted.address
    elif plain and polite:
        wrong, rule = (polite, "mixed_address") if len(polite) <= len(plain) else (plain, "mixed_address")
        right = "你" if wrong is polite else "您"
    else:
        return
    for match in wrong:
        suggestion = "各位" if match[0] == "你们" else right
        reason = Message(f"finding.voice.{rule}", {"found": match[0], "wanted": right})
        yield _finding(text, rule, Severity.WARN, *match.span(), reason, suggestion)


def _emoji(text: str, wanted: Voice) -> Iterator[Finding]:
    spans = emoji(text)
    params = {"count": len(spans), "most": wanted.max_emoji}
    for start, end in _runs(spans[max(0, wanted.max_emoji) :]):
        yield _finding(text, "emoji", Severity.WARN, start, end, Message("finding.voice.emoji", params), "")
    own = {_bare(each) for each in wanted.emoji}
    for start, end in spans[: max(0, wanted.max_emoji)]:
        if own and _bare(text[start:end]) not in own:
            reason = Message("finding.voice.foreign_emoji", {"found": text[start:end]})
            yield _finding(text, "foreign_emoji", Severity.NOTE, start, end, reason, None)


def _exclamations(text: str, wanted: Voice) -> Iterator[Finding]:
    """Marks beyond the policy: a surplus tail goes, a mark of its own becomes a full stop."""
    runs = exclamations(text)
    count = sum(end - start for start, end in runs)
    left = max(0, wanted.max_exclamations)
    for start, end in runs:
        allowed = min(left, end - start)
        left -= allowed
        if start + allowed < end:
            stop = "." if text[start] == "!" else "。"
            params = {"count": count, "most": wanted.max_exclamations}
            reason = Message("finding.voice.exclamations", params)
            yield _finding(
                text, "exclamations", Severity.WARN, start + allowed, end, reason, "" if allowed else stop
            )


def _long_sentences(text: str, wanted: Voice, language: Language) -> Iterator[Finding]:
    for start, end in sentences(text, language):
        actual = length(text[start:end], language)
        if actual > wanted.max_sentence:
            params = {"actual": actual, "most": wanted.max_sentence}
            reason = Message(f"finding.voice.sentence_{language}", params)
            yield _finding(text, "sentence", Severity.WARN, start, end, reason, None)


_OFF = {
    Trait.FRIENDLY: ("too_official", "too_friendly"),
    Trait.HUMOROUS: ("too_serious", "too_jocular"),
    Trait.LITERARY: ("too_plain", "too_literary"),
}
_MOST_SPANS = 3


def _tone(text: str, wanted: Voice, language: Language) -> Iterator[Finding]:
    """What pulls a text away from the voice's place on a scale, and what in it is unlike the brand's examples."""
    for score in in_voice(text, wanted, language):
        if score.passes is not False:
            continue
        if score.trait is Trait.OWN:
            yield from _unlike(text, score, wanted)
        else:
            yield from _off(text, score)


def _off(text: str, score: ToneScore) -> Iterator[Finding]:
    """The heaviest spans; the copy as a whole where something is missing and nothing can be pointed at."""
    rule = _OFF[score.trait][0 if score.is_low else 1]
    params = {"score": score.score, "wanted": score.wanted}
    pulling = [marker for marker in score.markers if marker.high is not score.is_low]
    if not pulling and score.is_low:
        # A dry joke or a plain picture has no mark that a rule could know.
        severity = Severity.WARN if score.trait is Trait.FRIENDLY else Severity.NOTE
        reason = Message(f"finding.voice.{rule}_whole", {"count": len(score.markers), **params})
        yield _finding(text, rule, severity, 0, 0, reason, None)
    for marker in _shown(pulling, score.trait):
        found = {"found": text[marker.start : marker.end], **params}
        reason = Message(f"finding.voice.{rule}", found)
        yield _finding(text, rule, Severity.WARN, marker.start, marker.end, reason, marker.rewrite)


def _shown(pulling: list[Marker], trait: Trait) -> list[Marker]:
    """So many that they do not bury what else is found.

    Of official and friendly words those with a rewrite are all shown: they are mended at one press, and half
    of them mended would be no tone at all.
    """
    ranked = sorted(pulling, key=lambda marker: (-marker.weight, marker.start))
    if trait is not Trait.FRIENDLY:
        return sorted(ranked[:_MOST_SPANS], key=lambda marker: marker.start)
    reworded = [marker for marker in ranked if marker.rewrite is not None]
    by_hand = [marker for marker in ranked if marker.rewrite is None]
    return sorted([*reworded, *by_hand[:_MOST_SPANS]], key=lambda marker: marker.start)


def _unlike(text: str, score: ToneScore, wanted: Voice) -> Iterator[Finding]:
    for habit in score.habits:
        # The rule about the address has said so already, and with a fix.
        if habit.name != "address" or wanted.address not in ("你", "您"):
            reason = Message(
                f"finding.voice.own_{habit.name}",
                {**habit.params, "score": score.score, "least": score.band[0]},
            )
            yield _finding(text, f"own_{habit.name}", Severity.NOTE, habit.start, habit.end, reason, None)


def _finding(
    text: str, rule: str, severity: Severity, start: int, end: int, reason: Message, suggestion: str | None
) -> Finding:
    return Finding(Check.VOICE, rule, severity, start, end, text[start:end], reason, suggestion)


def _runs(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring spans as one: three emoji in a row are one slip."""
    runs: list[tuple[int, int]] = []
    for start, end in spans:
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


def _bare(emoji_text: str) -> str:
    """The picture without skin tone and variation selectors, as a policy names it."""
    return re.sub("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]", "", emoji_text)
