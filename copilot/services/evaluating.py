"""Scores retrieval on a data set in BEIR's form, through the ordinary ingestion."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.domain.materials import Kind
from copilot.errors import InvalidInput
from copilot.ports import Progress
from copilot.services.ingestion import Ingestion
from copilot.services.retrieval import Method, Retrieval
from copilot.services.terms import Upload

_PASSAGES_A_QUERY = 40


@dataclass(frozen=True)
class Dataset:
    corpus: Mapping[str, str]
    queries: Mapping[str, str]
    relevant: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class RetrievalScore:
    ndcg10: float
    recall5: float
    mrr10: float
    queries: int
    seconds: float
    ranked: Mapping[str, tuple[str, ...]]


class Evaluating:
    def __init__(self, *, ingestion: Ingestion, retrieval: Retrieval) -> None:
        self._ingestion = ingestion
        self._retrieval = retrieval

    def retrieval(
        self,
        dataset: Dataset,
        *,
        brand: int,
        method: Method = Method.FUSED,
        progress: Progress | None = None,
    ) -> RetrievalScore:
        """Loads the corpus into this (scratch) brand and ranks documents by their best passage.

        `seconds` are those of the queries alone.
        """
        uploads = [
            Upload(path=f"{name}.md", data=text.encode("utf-8"), kind=Kind.STORY)
            for name, text in dataset.corpus.items()
        ]
        self._ingestion.add_all(uploads, brand=brand, actor=None, progress=progress)
        began = time.monotonic()
        ranked = {
            query: _documents(self._retrieval, dataset.queries[query], brand, method)
            for query in dataset.relevant
        }
        return score(dataset.relevant, ranked, seconds=time.monotonic() - began)


def load(folder: Path) -> Dataset:
    """Reads corpus.jsonl, queries.jsonl and qrels.tsv; InvalidInput names the file that does not fit."""
    try:
        corpus = {
            _id(row): "\n\n".join(
                filter(None, [f"# {title}" if (title := row.get("title")) else "", row["text"]])
            )
            for row in _lines(folder / "corpus.jsonl")
        }
        queries = {_id(row): row["text"] for row in _lines(folder / "queries.jsonl")}
        relevant: dict[str, set[str]] = {}
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            query, document, grade = line.split("\t")
            if int(grade) > 0:
                relevant.setdefault(query, set()).add(document)
    except (OSError, KeyError, ValueError) as exc:
        raise InvalidInput({"dataset": "invalid.dataset"}, detail=str(exc)) from exc
    return Dataset(corpus, queries, {query: frozenset(found) for query, found in relevant.items()})


def score(
    relevant: Mapping[str, frozenset[str]], ranked: Mapping[str, Sequence[str]], *, seconds: float
) -> RetrievalScore:
    """nDCG@10 with binary gains, recall@5 and MRR@10, each as the mean over all queries."""
    ndcg = recall = mrr = 0.0
    for query, wanted in relevant.items():
        found = ranked.get(query, ())
        gains = [1 / math.log2(place + 2) for place, name in enumerate(found[:10]) if name in wanted]
        ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(wanted))))
        ndcg += sum(gains) / ideal
        recall += len(wanted & set(found[:5])) / len(wanted)
        mrr += next((1 / (place + 1) for place, name in enumerate(found[:10]) if name in wanted), 0.0)
    count = len(relevant) or 1
    return RetrievalScore(
        ndcg10=ndcg / count,
        recall5=recall / count,
        mrr10=mrr / count,
        queries=len(relevant),
        seconds=seconds,
        ranked={query: tuple(found) for query, found in ranked.items()},
    )


def _documents(retrieval: Retrieval, query: str, brand: int, method: Method) -> tuple[str, ...]:
    """The documents of the passages found; where several say the same, all of them."""
    hits = retrieval.search(query, brand=brand, k=_PASSAGES_A_QUERY, method=method)
    paths = (path for hit in hits for path in (hit.path, *(same.path for same in hit.also)))
    return tuple(dict.fromkeys(path.removesuffix(".md") for path in paths))


def _id(row: Mapping[str, str]) -> str:
    """BEIR's own files say `_id`, much that is made from them `id`."""
    return row["_id"] if "_id" in row else row["id"]


def _lines(path: Path) -> Iterable[Mapping[str, str]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
