"""What was measured beside what it may be, and how that is shown."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table; without a limit it only explains the lines around it."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    samples: int = 1

    @property
    def over(self) -> bool:
        return self.limit is not None and self.value > self.limit

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        return "over" if self.over else "ok"


def median(name: str, samples: Sequence[float], unit: str, limit: float | None = None) -> Figure:
    return Figure(name, statistics.median(samples), unit, limit, len(samples))


def ratio(name: str, ours: Sequence[float], bare: Sequence[float], limit: float | None = None) -> Figure:
    """How many times as long ours takes as what it is built on."""
    return Figure(name, statistics.median(ours) / statistics.median(bare), "", limit, len(ours))


def table(figures: Sequence[Figure]) -> str:
    rows = [("figure", "median", "limit", "of", "")]
    rows += [
        (
            figure.name,
            _shown(figure.value, figure.unit),
            _shown(figure.limit, figure.unit) if figure.limit is not None else "",
            str(figure.samples),
            figure.verdict,
        )
        for figure in figures
    ]
    name, value, limit, samples, _ = (max(len(cell) for cell in column) for column in zip(*rows, strict=True))
    return "\n".join(
        f"{row[0]:{name}}  {row[1]:>{value}}  {row[2]:>{limit}}  {row[3]:>{samples}}  {row[4]}".rstrip()
        for row in rows
    )


def _shown(value: float, unit: str) -> str:
    return f"{1000 * value:.0f} ms" if unit == "s" else f"{value:.3f}"
