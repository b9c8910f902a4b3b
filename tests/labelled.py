"""Questions of members, labelled by hand: does a material of the sample brand answer, and with which words?

`tests/data/replies/questions.<language>.jsonl` holds them: `says` are words of the passages that answer, none
where nothing does. Finding candidates takes the real embedder, so `frozen.<language>.json` keeps, for every
second question, what the search found for it: tests decide on that. To freeze anew, after the sample brands
or the search have changed, and to see the figures of all questions:

    COPILOT_DATA_DIR=<folder with the demo loaded> .venv/bin/python -m tests.labelled
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from copilot.domain.brands import Brand, Language
from copilot.domain.materials import Kind, Source, Window
from copilot.domain.replies import ANSWERING, Candidate, Decision, decide

FOLDER = Path(__file__).parent / "data" / "replies"
AT = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)
SLUGS = {Language.ZH: "chihe-xiaozao", Language.EN: "slowmere"}
_FOUND = 30


@dataclass(frozen=True)
class Labelled:
    question: str
    says: tuple[str, ...]


@dataclass(frozen=True)
class Frozen:
    """A labelled question with what was found for it; `likeness` knows the pieces that were near then."""

    label: Labelled
    candidates: tuple[Candidate, ...]
    similar: dict[str, float]
    asked: list[bool]

    def likeness(self, texts: Sequence[str]) -> list[float]:
        self.asked.extend(_name(text) in self.similar for text in texts)
        ordinary = min((one.similarity or 0.0 for one in self.candidates), default=0.0)
        return [self.similar.get(_name(text), ordinary) for text in texts]

    def decide(self, brand: Brand) -> Decision:
        return decide(self.label.question, self.candidates, at=AT, brand=brand, likeness=self.likeness)


@dataclass(frozen=True)
class Figures:
    """Shares: of the unanswerable ones those refused; of the others those with the right passage, with a wrong one,
    and those where the right one is at least shown as near."""

    refused: float
    right: float
    wrong: float
    shown: float


def questions(language: Language) -> list[Labelled]:
    lines = (FOLDER / f"questions.{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Labelled(row["question"], tuple(row["says"])) for row in map(json.loads, lines)]


def frozen(language: Language) -> tuple[Brand, list[Frozen]]:
    kept = json.loads((FOLDER / f"frozen.{language}.json").read_text(encoding="utf-8"))
    sources = {int(number): _source(int(number), row) for number, row in kept["passages"].items()}
    brand = Brand(**{**kept["brand"], "language": language, "products": tuple(kept["brand"]["products"])})
    labels = {one.question: one for one in questions(language)}
    return brand, [
        Frozen(
            label=labels[row["question"]],
            candidates=tuple(Candidate(sources[number], score, near) for number, score, near in row["found"]),
            similar=row["similar"],
            asked=[],
        )
        for row in kept["questions"]
    ]


def figures(decided: Sequence[tuple[Labelled, Decision]]) -> Figures:
    none = [decision for label, decision in decided if not label.says]
    some = [(label, decision) for label, decision in decided if label.says]
    right = sum(is_right(label, decision) for label, decision in some)
    answered = sum(decision.answer is not None for _, decision in some)
    shown = sum(_is_shown(label, decision) for label, decision in some)
    return Figures(
        refused=sum(decision.answer is None for decision in none) / len(none),
        right=right / len(some),
        wrong=(answered - right) / len(some),
        shown=shown / len(some),
    )


def is_right(label: Labelled, decision: Decision) -> bool:
    return decision.answer is not None and _answers(label, decision.answer.source)


def _is_shown(label: Labelled, decision: Decision) -> bool:
    return is_right(label, decision) or any(_answers(label, source) for source in decision.nearest)


def _answers(label: Labelled, source: Source) -> bool:
    return any(words in source.text for words in label.says)


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _source(number: int, row: dict[str, Any]) -> Source:
    edges = [datetime.fromisoformat(edge) if edge else None for edge in row["window"]]
    return Source(
        passage=number,
        text=row["text"],
        kind=Kind(row["kind"]),
        title=row["title"],
        context=row["context"],
        window=Window(*edges),
        fields=row["fields"],
    )


def _freeze() -> None:
    from copilot.bootstrap import build
    from copilot.config import Config
    from copilot.services import loading

    services = build(Config())
    embedder = services.parts.embedder
    for language, slug in SLUGS.items():
        row = services.brands.by_slug(slug)
        with services.parts.db.read() as session:
            brand, _ = loading.brand_and_voice(session, row.id)
        passages: dict[int, Source] = {}
        kept: list[dict[str, Any]] = []
        decided: list[tuple[Labelled, Decision]] = []
        for place, label in enumerate(questions(language)):
            hits = services.retrieval.search(label.question, brand=row.id, kinds=ANSWERING, k=_FOUND)
            found = [Candidate(hit.source, hit.score, hit.similarity) for hit in hits]
            similar = _Likeness(embedder, label.question)
            decided.append((label, decide(label.question, found, at=AT, brand=brand, likeness=similar)))
            if place % 2 == 0:
                passages |= {one.source.passage: one.source for one in found}
                kept.append(_row(label, found, similar.known))
        sys.stdout.write(f"{language} {figures(decided)}\n")
        _write(language, brand, passages, kept)


class _Likeness:
    """The real likeness, which remembers what it was asked."""

    def __init__(self, embedder: Any, question: str) -> None:
        self._embedder = embedder
        self._wanted = embedder.queries([question])[0]
        self.known: dict[str, float] = {}

    def __call__(self, texts: Sequence[str]) -> list[float]:
        vectors = self._embedder.passages(texts)
        near = [sum(a * b for a, b in zip(self._wanted, vector, strict=True)) for vector in vectors]
        self.known |= {_name(text): round(one, 4) for text, one in zip(texts, near, strict=True)}
        return near


def _row(label: Labelled, found: Sequence[Candidate], similar: dict[str, float]) -> dict[str, Any]:
    listed = [
        [one.source.passage, round(one.score, 4), round(one.similarity, 4) if one.similarity else None]
        for one in found
    ]
    return {"question": label.question, "found": listed, "similar": similar}


def _write(language: Language, brand: Brand, passages: dict[int, Source], kept: list[dict[str, Any]]) -> None:
    held = {
        number: {
            "text": one.text,
            "kind": one.kind,
            "title": one.title,
            "context": one.context,
            "window": [edge and edge.isoformat() for edge in (one.window.start, one.window.end)],
            "fields": dict(one.fields),
        }
        for number, one in sorted(passages.items())
    }
    home = {
        name: getattr(brand, name) for name in ("id", "slug", "name", "zone", "members_called", "products")
    }
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in kept)
    head = json.dumps({"brand": home, "passages": held}, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / f"frozen.{language}.json").write_text(
        f'{head[:-1]},\n"questions":[\n{lines}\n]}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    _freeze()
