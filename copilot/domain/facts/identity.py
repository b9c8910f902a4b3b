"""When two facts are the same fact, and when they say the same."""

from __future__ import annotations

import re
import unicodedata

from copilot.domain.facts.reading import stated
from copilot.domain.facts.values import FactKind
from copilot.domain.quantities import figures

_IGNORED = re.compile(r"[\s\-‐‑–—_·・:：,，.。、/／|｜()（）\[\]【】「」“”\"'’]+")

_DAY = re.compile(r"[0-9]{2}-[0-9]{2}(?: [0-9:]+)?")


def normalised(text: str) -> str:
    """Letters and digits alone, full width and case folded: how names are compared."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


def key(kind: FactKind, subject: str, name: str) -> str:
    """The identity of a fact across revisions of its material, whatever its value."""
    return "|".join((kind.value, normalised(subject), normalised(name)))


def same_value(amount_a: str, unit_a: str, value_a: str, amount_b: str, unit_b: str, value_b: str) -> bool:
    """Whether two facts say the same value: 29元, ¥29.00 and 二十九元 do.

    Facts written down by people may lack amount and unit; then the values are read again. Without
    figures the words decide.
    """
    a, b = _read(amount_a, unit_a, value_a), _read(amount_b, unit_b, value_b)
    if not a[0] or not b[0]:
        return a[0] == b[0] and normalised(value_a) == normalised(value_b)
    units = a[1] == b[1] or not (a[1] and b[1])
    return units and (a[0] == b[0] or _same_days(a[0], b[0]))


def _same_days(one: str, other: str) -> bool:
    """11月24日 and 2026-11-24 are the same day; two different years are not."""
    ends, others = one.split(".."), other.split("..")
    return len(ends) == len(others) and all(
        end == last
        or (_DAY.fullmatch(end) and last.endswith("-" + end))
        or (_DAY.fullmatch(last) and end.endswith("-" + last))
        for end, last in zip(ends, others, strict=True)
    )


def amount_of(value: str) -> tuple[str, str]:
    """Canonical amount and unit of a value as a person wrote it; both empty where it has no figure."""
    return _read("", "", value)


def _read(amount: str, unit: str, value: str) -> tuple[str, str]:
    if amount:
        return amount, unit
    return stated(value, figures(value))
