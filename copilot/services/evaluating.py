"""Scores retrieval on a data set in BEIR's form, through the ordinary ingestion."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
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
    """Reads corpus.jsonl, queries.jsonl and qrels.tsv; InvalidInput names the file, and the line, that do not fit."""
    corpus = {name: _document(row) for name, row in _rows(folder, "corpus.jsonl")}
    queries = {name: row["text"] for name, row in _rows(folder, "queries.jsonl")}
    relevant: dict[str, set[str]] = {}
    for number, line in _lines(folder, "qrels.tsv"):
        if number == 1:
            continue
        query, document, grade = _judgement(line, number)
        if query not in queries:
            raise InvalidInput({"dataset": "invalid.dataset_query"}, line=number, query=query)
        if grade > 0:
            relevant.setdefault(query, set()).add(document)
    if not relevant:
        raise InvalidInput({"dataset": "invalid.dataset_unjudged"})
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
    count = len(relevant)
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


def _document(row: Mapping[str, str]) -> str:
    title = row.get("title")
    return f"# {title}\n\n{row['text']}" if title else row["text"]


def _rows(folder: Path, file: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The objects of a file with their ids; BEIR's own files say `_id`, much that is made from them `id`."""
    lines: dict[str, int] = {}
    for number, line in _lines(folder, file):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        name = row.get("_id", row.get("id")) if isinstance(row, dict) else None
        if not isinstance(name, str | int) or not isinstance(row.get("text"), str):
            raise InvalidInput({"dataset": "invalid.dataset_row"}, file=file, line=number)
        # The second of one id would take the place of the first, and nobody would miss it.
        first = lines.setdefault(str(name), number)
        if first != number:
            raise InvalidInput(
                {"dataset": "invalid.id_twice"}, file=file, first=first, line=number, value=name
            )
        yield str(name), row


def _judgement(line: str, number: int) -> tuple[str, str, int]:
    try:
        query, document, grade = line.split("\t")
        return query, document, int(grade)
    except ValueError:
        raise InvalidInput({"dataset": "invalid.dataset_judgement"}, line=number) from None


def _lines(folder: Path, file: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers."""
    try:
        # Not `splitlines`: a text may hold other characters that end a line, and JSON lets them stand.
        lines = (folder / file).read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise InvalidInput({"dataset": "invalid.dataset_missing"}, file=file) from None
    except UnicodeDecodeError:
        raise InvalidInput({"dataset": "invalid.dataset_not_utf8"}, file=file) from None
    except OSError as exc:
        detail = exc.strerror or type(exc).__name__
        raise InvalidInput({"dataset": "invalid.dataset_unreadable"}, file=file, detail=detail) from exc
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
