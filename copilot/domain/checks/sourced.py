"""What the checks of words and the claim ledger make of each other: one fault is told once, and what a source states is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from copilot.domain.checks.compliance import RuleSet
from copilot.domain.checks.measures import Span
from copilot.domain.checks.rules import Sourced
from copilot.domain.findings import Check, Claim, Finding, Method, Verdict
from copilot.domain.quantities import figures
from copilot.domain.quantities.figures import Figure, FigureKind


def personal(findings: Iterable[Finding]) -> tuple[Span, ...]:
    """Where somebody's number or address stands: it has a finding of its own, and no material need state it."""
    return tuple((one.start, one.end) for one in findings if one.check is Check.PRIVACY)


def without_sourced(
    findings: Iterable[Finding], claims: Sequence[Claim], rules: RuleSet
) -> tuple[Finding, ...]:
    """These findings but for those of rules that keep silent where a source states the very thing."""
    return tuple(one for one in findings if not _is_sourced(one, claims, rules))


def _is_sourced(finding: Finding, claims: Sequence[Claim], rules: RuleSet) -> bool:
    if finding.check is not Check.COMPLIANCE:
        return False
    rule = rules.rule(finding.rule)
    if rule is None or rule.sourced is None or not _says(rule.sourced.said, finding.text, rules):
        return False
    return any(
        _states(claim, rule.sourced, rules)
        for claim in claims
        if claim.start <= finding.start and finding.end <= claim.end
    )


def _states(claim: Claim, sourced: Sourced, rules: RuleSet) -> bool:
    """Whether one quote of the sentence has all of its prices, and says what the other price is."""
    if claim.verdict is not Verdict.SUPPORTED or claim.method is not Method.FIGURES:
        return False
    told = _prices(claim.sentence)
    return len(told) > 1 and any(
        told <= _prices(quote) and _says(sourced.stated, quote, rules) for _, quote in claim.evidence
    )


def _says(patterns: Sequence[str], text: str, rules: RuleSet) -> bool:
    folded = rules.chinese.fold(text)
    return any(re.search(pattern, folded) for pattern in patterns)


def _prices(text: str) -> frozenset[object]:
    return frozenset(_value(figure) for figure in figures(text) if figure.kind is FigureKind.PRICE)


def _value(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.high
