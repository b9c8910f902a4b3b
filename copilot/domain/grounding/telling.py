"""How what is wrong is told: a finding with its reason and, where the materials say just one thing, its mending."""

from __future__ import annotations

from datetime import datetime, timedelta

from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.grounding.comparing import Compared
from copilot.domain.grounding.matches import Match, Ruling
from copilot.domain.grounding.places import Place
from copilot.domain.grounding.sameness import written_like
from copilot.domain.grounding.traits import Misplaced
from copilot.domain.messages import Message
from copilot.domain.quantities.figures import Figure

_LONGEST = 40  # Characters of a clause by which a thing without a name is told.


def of_figure(place: Place, ruling: Ruling, lapsed: Match | None, at: datetime) -> Finding:
    """`lapsed` is where a source that does not hold at the slot's time says it."""
    figure = place.figure
    nearest = ruling.nearest.place.figure.text if ruling.nearest else ""
    suggestion = None
    if ruling.nearest is not None and ruling.sole:
        suggestion = written_like(figure, ruling.nearest.place.figure, at)
    if lapsed is not None and lapsed.reading.source is not None:
        window = lapsed.reading.source.window
        started = window.start is None or window.start <= at
        if started and window.end is not None:
            last = (window.end.astimezone(at.tzinfo) - timedelta(microseconds=1)).date().isoformat()
            reason = Message("claims.expired", {"figure": figure.text, "until": last, "nearest": nearest})
        else:
            first = window.start.astimezone(at.tzinfo).date().isoformat() if window.start else ""
            reason = Message("claims.not_yet", {"figure": figure.text, "from": first, "nearest": nearest})
        return _on(figure, "expired", reason, suggestion)
    if ruling.elsewhere is not None:
        subject = ", ".join(sorted(min(group, key=len) for group in place.groups))
        params = {
            "figure": figure.text,
            "subject": subject,
            "elsewhere": _thing(ruling.elsewhere),
            "nearest": nearest,
        }
        message = "claims.wrong_subject_nearest" if nearest else "claims.wrong_subject"
        return _on(figure, "wrong_subject", Message(message, params), suggestion)
    message = "claims.unsupported_figure_nearest" if nearest else "claims.unsupported_figure"
    reason = Message(message, {"figure": figure.text, "nearest": nearest})
    return _on(figure, "unsupported_figure", reason, suggestion)


def of_pair(place: Place, other: Place, right: Figure, at: datetime) -> Finding:
    """Two figures that the materials have, and not together; `right` is what stands beside the other there."""
    params = {"figure": place.figure.text, "other": other.figure.text, "nearest": right.text}
    suggestion = written_like(place.figure, right, at)
    return _on(place.figure, "wrong_subject", Message("claims.mismatched_pair", params), suggestion)


def of_statement(start: int, end: int, sentence: str) -> Finding:
    reason = Message("claims.unsupported_statement", {"sentence": sentence})
    return Finding(Check.CLAIMS, "unsupported_statement", Severity.WARN, start, end, sentence, reason)


def of_promise(start: int, end: int, sentence: str) -> Finding:
    """What binds the brand, and no source promises."""
    reason = Message("claims.unsupported_promise", {"sentence": sentence})
    return Finding(Check.CLAIMS, "unsupported_promise", Severity.BLOCK, start, end, sentence, reason)


def of_denial(start: int, end: int, sentence: str, quote: str, *, grave: bool) -> Finding:
    """What a source says the other way round; `quote` is its sentence, `grave` what may harm who believes the copy."""
    reason = Message("claims.denied", {"quote": quote})
    severity = Severity.BLOCK if grave else Severity.WARN
    return Finding(Check.CLAIMS, "denied", severity, start, end, sentence, reason)


def of_widening(start: int, end: int, sentence: str, quote: str, *, binds: bool) -> Finding:
    """What a source grants some people or on some days; `quote` is what it says, `binds` that the copy promises it."""
    reason = Message("claims.widened", {"quote": quote})
    severity = Severity.BLOCK if binds else Severity.WARN
    return Finding(Check.CLAIMS, "widened", severity, start, end, sentence, reason)


def of_untold(start: int, end: int, sentence: str) -> Finding:
    """What the materials speak of but nowhere say: worth a look, and no more."""
    reason = Message("claims.untold_sentence", {"sentence": sentence})
    return Finding(Check.CLAIMS, "untold_sentence", Severity.NOTE, start, end, sentence, reason)


def of_comparison(text: str, compared: Compared) -> Finding:
    start, end = compared.start, compared.end
    reason = Message("claims.comparison", {"first": compared.first, "second": compared.second})
    return Finding(Check.CLAIMS, "comparison", Severity.BLOCK, start, end, text[start:end], reason)


def of_code(figure: Figure, code: str) -> Finding:
    """A price that only who tells this code pays."""
    return _on(
        figure, "untold_code", Message("claims.untold_code", {"figure": figure.text, "code": code}), None
    )


def of_listed(text: str, start: int, end: int) -> Finding:
    """What is listed along with what the materials have, and is not in them."""
    item = text[start:end]
    reason = Message("claims.unlisted", {"item": item})
    return Finding(Check.CLAIMS, "unlisted", Severity.WARN, start, end, item, reason)


def of_trait(text: str, found: Misplaced) -> Finding:
    said = " · ".join(dict.fromkeys(found.said))
    params = {"thing": found.thing, "other": found.other, "said": said}
    reason = Message("claims.trait_of_another" if found.other else "claims.trait_denied", params)
    start, end = found.start, found.end
    return Finding(Check.CLAIMS, "wrong_trait", Severity.WARN, start, end, text[start:end], reason)


def _on(figure: Figure, rule: str, reason: Message, suggestion: str | None) -> Finding:
    start, end = figure.start, figure.end
    return Finding(Check.CLAIMS, rule, Severity.BLOCK, start, end, figure.text, reason, suggestion)


def _thing(match: Match) -> str:
    names = match.place.names
    if names:
        return min(names, key=len)
    start, end = match.place.clause
    return match.reading.text[start:end].strip()[:_LONGEST]
