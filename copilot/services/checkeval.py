"""Scores the checks themselves on labelled lines: the rules on violations and clean copy, the ledger on claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from importlib import resources
from pathlib import Path
from typing import Any

from copilot import rulepacks
from copilot.domain.brands import Language
from copilot.domain.checks import compliance, privacy
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.grounding import ledger
from copilot.domain.materials import Kind, Source, Window
from copilot.domain.sentences import sentences
from copilot.domain.splitting import language_of
from copilot.errors import InvalidInput
from copilot.services.labelled import BAD, Row, rows_of_checks, rows_of_claims

LEAST = 0.95
"""Precision and recall below this are a finding about the checks."""

_GRAVE = (Severity.BLOCK, Severity.WARN)  # Notes ask for nothing, so they count neither way.


@dataclass(frozen=True)
class Missed:
    """A line that was judged otherwise than labelled, with what the checks said of it."""

    id: str
    label: str
    text: str
    category: str
    said: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "label": self.label,
            "category": self.category,
            "text": self.text,
            "said": list(self.said),
        }


@dataclass(frozen=True)
class CheckScore:
    """`blocked` counts clean lines that would be stopped; `by_category` is caught and all of each kind of violation.

    A share is None where the set has nothing that it would be a share of: a figure over nothing is no figure.
    """

    violations: int
    clean: int
    caught: int
    flagged: int
    blocked: int
    by_category: Mapping[str, tuple[int, int]]
    misses: tuple[Missed, ...]

    @property
    def recall(self) -> float | None:
        return self.caught / self.violations if self.violations else None

    @property
    def precision(self) -> float | None:
        """Of what was objected to, the share that deserved it; only a set with both kinds of line can tell."""
        objected = self.caught + self.flagged
        return self.caught / objected if objected and self.violations and self.clean else None

    @property
    def false_alarms(self) -> float | None:
        """The share of clean lines that something was said against."""
        return self.flagged / self.clean if self.clean else None

    @property
    def passes(self) -> bool:
        """Whether the checks are as good as they should be; a set that cannot tell passes nothing."""
        return all(share is not None and share >= LEAST for share in (self.precision, self.recall))


def shipped(name: str) -> str:
    """A labelled set that comes with the product: `checks` or `claims`."""
    return (resources.files("copilot") / "evalsets" / f"{name}.jsonl").read_text(encoding="utf-8")


def score_checks(text: str, *, file: str = "checks.jsonl") -> CheckScore:
    """Lines of `{"id", "label": "violation"|"clean", "text"}`, with `severity`, `spans`, `category` where known.

    A violation is caught where a rule objects as gravely as its line expects, and to the words it points at. Lines are
    read by the packs of the language they are written in. InvalidInput names the file, the line and what in it does
    not fit.
    """
    return _score(rows_of_checks(text, file), _rules_say, _is_as_grave)


def score_claims(text: str, *, file: str = "claims.jsonl") -> CheckScore:
    """Lines of `{"id", "label": "altered"|"faithful", "at", "passages", "copy", "wrong"}` against the ledger alone.

    `language` and `products` are the brand's. An altered copy is caught where a finding meets the altered words.
    """
    return _score(rows_of_claims(text, file), _ledger_says, _is_any)


def score_json(score: CheckScore) -> dict[str, Any]:
    return {
        "precision": _rounded(score.precision),
        "recall": _rounded(score.recall),
        "false_alarms": _rounded(score.false_alarms),
        "violations": score.violations,
        "clean": score.clean,
        "caught": score.caught,
        "flagged_clean": score.flagged,
        "blocked_clean": score.blocked,
        "by_category": {name: list(counts) for name, counts in sorted(score.by_category.items())},
        "misses": [one.as_json() for one in score.misses],
    }


def _rounded(share: float | None) -> float | None:
    return round(share, 4) if share is not None else None


def _score(
    rows: Iterable[Row],
    say: Callable[[Row], Sequence[Finding]],
    is_meant: Callable[[Row, Finding], bool],
) -> CheckScore:
    counts: Counter[str] = Counter()
    caught_of: Counter[str] = Counter()
    all_of: Counter[str] = Counter()
    misses: list[Missed] = []
    for row in rows:
        found = [finding for finding in say(row) if finding.severity in _GRAVE]
        category = str(row.get("category") or row.get("alteration") or "")
        is_bad = row["label"] in BAD
        counts["bad" if is_bad else "clean"] += 1
        if is_bad:
            is_right = any(is_meant(row, one) and _meets(row, one) for one in found)
            caught_of[category] += is_right
            all_of[category] += 1
        else:
            is_right = not found
            counts["blocked"] += any(one.severity is Severity.BLOCK for one in found)
        counts["caught" if is_bad and is_right else "flagged" if not is_bad and found else "other"] += 1
        if not is_right:
            said = tuple(f"{one.rule} {one.severity} “{one.text}”" for one in found)
            misses.append(Missed(str(row["id"]), row["label"], _copy(row), category, said))
    return CheckScore(
        violations=counts["bad"],
        clean=counts["clean"],
        caught=counts["caught"],
        flagged=counts["flagged"],
        blocked=counts["blocked"],
        by_category={name: (caught_of[name], count) for name, count in all_of.items()},
        misses=tuple(misses),
    )


def _rules_say(row: Row) -> Sequence[Finding]:
    text = row["text"]
    language = _language(row, text)
    rules = rulepacks.compiled(*rulepacks.for_brand_language(language))
    return (*compliance(text, rules), *privacy(text, (), rules.chinese.folding))


def _ledger_says(row: Row) -> Sequence[Finding]:
    at = datetime.fromisoformat(row["at"])
    zone = at.tzinfo or UTC
    at = at.replace(tzinfo=zone)
    sources = [
        Source(
            passage=number,
            text=passage["text"],
            kind=_kind(passage),
            title=passage.get("title", ""),
            context=passage.get("context", ""),
            window=Window(_edge(passage, "valid_from", zone), _edge(passage, "valid_until", zone)),
            fields=passage.get("fields", {}),
        )
        for number, passage in enumerate(row["passages"], start=1)
    ]
    told = ledger(
        row["copy"],
        sources,
        at=at,
        language=_language(row, row["copy"]),
        products=tuple(row.get("products", ())),
    )
    return [finding for finding in told.findings if finding.check in (Check.CLAIMS, Check.FRESHNESS)]


def _kind(passage: Mapping[str, Any]) -> Kind:
    named = passage.get("kind", Kind.SELLING_POINT)
    return Kind(named) if named in set(Kind) else Kind.SELLING_POINT


def _edge(passage: Mapping[str, Any], name: str, zone: tzinfo) -> datetime | None:
    if not passage.get(name):
        return None
    edge = datetime.fromisoformat(passage[name])
    return edge if edge.tzinfo is not None else edge.replace(tzinfo=zone)


def _language(row: Row, text: str) -> Language:
    return Language(row["language"]) if row.get("language") else language_of(text)


def _copy(row: Row) -> str:
    return str(row["text"] if "text" in row else row["copy"])


def _is_as_grave(row: Row, finding: Finding) -> bool:
    return not row.get("severity") or row["severity"] == finding.severity


def _is_any(_row: Row, _finding: Finding) -> bool:
    return True


def _meets(row: Row, finding: Finding) -> bool:
    """Whether a finding is about the words that a line points at; one about the whole copy is about all of them.

    Of a right figure on the wrong thing the ledger marks the figure, a person perhaps the thing: the sentence counts, and
    those beside it, for a thing is often named in one and told of in another: Fifty hours? That's Fig Lane.
    """
    spans = row.get("spans") or []
    if row.get("wrong"):
        whole = sentences(_copy(row), _language(row, _copy(row)))
        met = {n for n, (a, b) in enumerate(whole) if any(low < b and a < high for low, high in row["wrong"])}
        spans = [whole[n] for n in range(len(whole)) if {n - 1, n, n + 1} & met]
    if not spans or finding.end == finding.start:
        return True
    return any(low < finding.end and finding.start < high for low, high in spans)


def read(path: Path, *, field: str = "file") -> str:
    """The text of a set; InvalidInput, for the field that named it, where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput({field: "invalid.dataset_not_utf8"}, file=path.name) from None
