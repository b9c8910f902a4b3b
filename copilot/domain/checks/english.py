"""English: what is missing between two words, what stands there twice, and small letters that begin a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.domain.brands import Language
from copilot.domain.checks.proof import Proof, Slip, slip
from copilot.domain.sentences import sentences

_TIGHT = re.compile(r"[,;.!?](?=[A-Za-z])")
_BEFORE_COMMA = re.compile(r"[A-Za-z]{2}")
_BEFORE_STOP = re.compile(r"[a-z]{2}")
_AFTER_STOP = re.compile(r"[A-Z](?:[a-z]|[ '’])")
# A token with one of these is an address, a path or code.
_ADDRESS = re.compile(r"[/@_\\=#]|\.\w+\.\w|\.(?:com|org|net|js|py|io|cn|uk)\b", re.IGNORECASE)
_TOKEN_BEFORE = re.compile(r"\S{0,60}$")
_TOKEN_AFTER = re.compile(r"\S{0,60}")
# No sentence says these twice, as some say had had, that that or on on.
_SECOND = re.compile(r" (?:the|an?|and|or|of|to|with|from|our|your|my|their|its|into|are|were|be)(?![\w'’-])")
_SMALL = re.compile(r"[.!?][\"'”’)]* +[a-z]")
_SMALL_WORD = re.compile(r"[a-z]['’a-z]*(?![\w@/])(?!\.\w)")
_SMALL_NAMES = frozenset(["von", "van", "de", "di", "da", "le", "la", "x"])


def missing_space(proof: Proof) -> Iterator[Slip]:
    """After a comma between two words, or after a mark that ends one sentence where the next begins."""
    if proof.is_chinese:
        return
    text = proof.text
    for match in _TIGHT.finditer(text):
        at, mark = match.start(), match[0]
        before = text[max(0, at - 2) : at]
        if mark in ",;":
            is_certain = bool(_BEFORE_COMMA.match(before))
        else:
            is_certain = bool(_BEFORE_STOP.match(before) and _AFTER_STOP.match(text, at + 1))
        if is_certain and not proof.kept(at) and not _ADDRESS.search(_token(text, at)):
            yield slip("missing_space", (at, at + 1, f"{mark} "))


def repeated(proof: Proof) -> Iterator[Slip]:
    """A small word that stands there twice."""
    for match in _SECOND.finditer(proof.text):
        start = match.start() - len(match[0]) + 1
        first = proof.text[max(0, start) : match.start()]
        before = proof.before(start) if start > 0 else ""
        if f" {first.lower()}" != match[0] or before.isalnum() or before in ("'", "’", "-", "_"):
            continue
        if not proof.kept(match.start()):
            yield slip("repeated", (start, match.end(), first))


def small_letters(proof: Proof) -> Iterator[Slip]:
    """A sentence within a line that begins small, in a copy most of whose sentences begin with a capital."""
    if proof.is_chinese or not _SMALL.search(proof.text):
        return
    text = proof.text
    begun = [start for start, _ in sentences(text, Language.EN) if text[start].isalpha()]
    small = [at for at in begun if "a" <= text[at] <= "z" and not proof.is_indent(at)]
    if sum(text[at].isupper() for at in begun) < max(2, len(small) + 1):
        return
    for at in small:
        word = _SMALL_WORD.match(text, at)
        if word and word[0] not in _SMALL_NAMES and not proof.kept(at):
            yield slip("small_letter", (at, word.end(), word[0][0].upper() + word[0][1:]))


def _token(text: str, at: int) -> str:
    """What stands around this place without white space."""
    before = _TOKEN_BEFORE.search(text[max(0, at - 60) : at])
    after = _TOKEN_AFTER.match(text, at)
    return (before[0] if before else "") + (after[0] if after else "")
