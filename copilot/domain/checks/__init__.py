"""The deterministic checks of a copy: pure functions from a text and values to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from copilot.domain.brands import Language, Voice
from copilot.domain.channels import Limits
from copilot.domain.checks.compliance import RuleSet, compliance
from copilot.domain.checks.fixing import apply_fixes, safe_fixes, severs
from copilot.domain.checks.leaks import Secrets, leaks
from copilot.domain.checks.limits import limits
from copilot.domain.checks.markup import markup
from copilot.domain.checks.privacy import privacy
from copilot.domain.checks.structure import structure
from copilot.domain.checks.terms import TermSet, terms
from copilot.domain.checks.tone import ToneScore, Trait, in_voice, tone
from copilot.domain.checks.typography import typography
from copilot.domain.checks.vocabulary import vocabulary
from copilot.domain.checks.voice import voice
from copilot.domain.checks.welcome import welcome_order
from copilot.domain.columns import Form
from copilot.domain.findings import Check, Finding, Severity

__all__ = [
    "CheckFunction",
    "RuleSet",
    "Secrets",
    "TermSet",
    "ToneScore",
    "Trait",
    "apply_fixes",
    "compliance",
    "in_voice",
    "leaks",
    "limits",
    "markup",
    "privacy",
    "run",
    "safe_fixes",
    "structure",
    "suite",
    "terms",
    "tone",
    "typography",
    "voice",
    "welcome_order",
]

CheckFunction = Callable[[str], Iterable[Finding]]

_GRAVITY = {Severity.BLOCK: 2, Severity.WARN: 1, Severity.NOTE: 0}
# These object to words; the others say different things that may well be about the same sentence.
_ABOUT_WORDS = frozenset({Check.TERMS, Check.COMPLIANCE})


def suite(
    *,
    brand_voice: Voice,
    language: Language,
    channel: Limits,
    wanted: tuple[int, int] | None,
    rules: RuleSet,
    known: TermSet,
    form: Form | None = None,
    secrets: Secrets | None = None,
) -> tuple[CheckFunction, ...]:
    """The whole deterministic set for one brand, channel and column length; `wanted` None sets no length, `form` None no parts.

    `secrets` is what the prompts say, which no copy may.
    """
    hidden = secrets or Secrets(())
    scan = lru_cache(maxsize=1)(vocabulary(rules, known).scan)
    prescribed = frozenset(rules.chinese.fold(one.use).strip() for one in brand_voice.preferred)
    own: tuple[CheckFunction, ...] = (
        ((lambda text: welcome_order(text, language)),) if form is Form.WELCOME else ()
    )
    return (
        lambda text: limits(text, channel, language),
        lambda text: rules.judge(
            scan(text).reading,
            scan(text).rules,
            members_only=channel.members_only,
            prescribed=prescribed,
        ),
        lambda text: known.judge(scan(text).reading, scan(text).terms),
        lambda text: privacy(text, brand_voice.links, rules.chinese.folding),
        lambda text: leaks(text, hidden),
        lambda text: voice(text, brand_voice, language),
        lambda text: structure(text, language, wanted, form),
        *own,
        markup,
        lambda text: typography(text, language),
    )


def run(text: str, checks: Iterable[CheckFunction]) -> tuple[Finding, ...]:
    """Every check over the text, in its order, the gravest first where several begin at one place.

    Where checks on words object to the very same span, the gravest speaks and takes the first fix offered. Words
    whose sentence says nothing without them are for a person to replace.
    """
    found: dict[tuple[object, ...], Finding] = {}
    for check in checks:
        for finding in check(text):
            words = finding.check in _ABOUT_WORDS and finding.end > finding.start
            about: object = "words" if words else (finding.check, finding.rule)
            key = (finding.start, finding.end, about)
            found[key] = _graver(found[key], finding) if key in found else finding
    told = (
        replace(one, suggestion=None) if one.suggestion == "" and severs(text, one.start, one.end) else one
        for one in found.values()
    )
    return tuple(sorted(told, key=_order))


def _graver(one: Finding, other: Finding) -> Finding:
    first, second = (other, one) if _GRAVITY[other.severity] > _GRAVITY[one.severity] else (one, other)
    return replace(first, suggestion=second.suggestion) if first.suggestion is None else first


def _order(finding: Finding) -> tuple[int, int, int, str, str]:
    return finding.start, -_GRAVITY[finding.severity], -finding.end, finding.check, finding.rule
