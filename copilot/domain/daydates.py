"""Dates relative to a day in sample materials: `{{day+3}}`, so that a demo never goes stale."""

from __future__ import annotations

import re
from datetime import date, timedelta

from copilot.domain.brands import Language

_PLACEHOLDER = re.compile(r"\{\{day([+-]\d+)?(:long)?\}\}")


def resolve(text: str, today: date, language: Language) -> str:
    """Puts in ISO dates, or with `:long` the form the language writes: 11月24日, 24 November."""

    def put(match: re.Match[str]) -> str:
        day = today + timedelta(days=int(match[1] or 0))
        if match[2] is None:
            return day.isoformat()
        return (
            f"{day.month}月{day.day}日" if language is Language.ZH else f"{day.day} {_MONTHS[day.month - 1]}"
        )

    return _PLACEHOLDER.sub(put, text)


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
