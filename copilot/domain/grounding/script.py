"""One script for the ledger: copy and sources are read in simplified characters, and told as they were typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from copilot.domain.findings import Claim, Finding
from copilot.domain.grounding.case import Ledger
from copilot.domain.materials import Source
from copilot.domain.messages import Message
from copilot.domain.simplified import simplified


def in_simplified(sources: Sequence[Source]) -> list[Source]:
    """The sources in simplified characters; each itself where nothing in it is traditional."""
    return [_simplified(source) for source in sources]


def as_typed(told: Ledger, text: str, sources: Sequence[Source], read: Sequence[Source]) -> Ledger:
    """The ledger of what was `read` with the words of the copy and of the sources as they were typed."""
    typed = {source.text: one.text for source, one in zip(read, sources, strict=True) if source is not one}
    if simplified(text) == text and not typed:
        return told
    by_passage = {one.passage: one.text for one in sources}
    return Ledger(
        tuple(_claim(claim, text, by_passage) for claim in told.claims),
        tuple(_finding(finding, text, typed) for finding in told.findings),
        tuple(_finding(finding, text, typed) for finding in told.notes),
    )


def _simplified(source: Source) -> Source:
    fields = {simplified(header): simplified(cell) for header, cell in source.fields.items()}
    text, title, context = simplified(source.text), simplified(source.title), simplified(source.context)
    if (text, title, context) == (source.text, source.title, source.context) and fields == source.fields:
        return source
    return replace(source, text=text, title=title, context=context, fields=fields)


def _claim(claim: Claim, text: str, by_passage: dict[int, str]) -> Claim:
    """Every character stands where it stood, so that a quote is found by its place."""
    evidence = tuple((passage, _typed(quote, by_passage[passage])) for passage, quote in claim.evidence)
    quote = _typed(claim.quote, by_passage[claim.passage]) if claim.passage is not None else claim.quote
    return replace(claim, sentence=text[claim.start : claim.end], quote=quote, evidence=evidence)


def _finding(finding: Finding, text: str, typed: dict[str, str]) -> Finding:
    params = {name: _said(value, text, typed) for name, value in finding.reason.params.items()}
    return replace(finding, text=text[finding.start : finding.end], reason=Message(finding.reason.id, params))


def _said(value: object, text: str, typed: dict[str, str]) -> object:
    """A word of a reason as the source that has it was typed, or the copy."""
    if not isinstance(value, str) or not value:
        return value
    for original in (*typed.values(), text):
        if (found := _typed(value, original)) != value:
            return found
    return value


def _typed(quote: str, original: str) -> str:
    at = simplified(original).find(quote)
    return original[at : at + len(quote)] if at >= 0 else quote
