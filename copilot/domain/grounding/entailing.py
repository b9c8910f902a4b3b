"""What words alone leave open: which sentences meaning or a model may judge, and what such a judgement may change.

The rules stay in charge. A judgement acquits only what the guards let pass, and accuses only by a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from copilot.domain.findings import Check, Claim, Finding, Method, Severity, Verdict
from copilot.domain.grounding import Ledger
from copilot.domain.grounding.clauses import clauses
from copilot.domain.grounding.daywords import day_words
from copilot.domain.grounding.evidence import read_source
from copilot.domain.grounding.places import Reading
from copilot.domain.grounding.promises import facts_said, is_question, things_said
from copilot.domain.grounding.rows import product_cells
from copilot.domain.grounding.statements import Statements
from copilot.domain.grounding.subjects import catalogue
from copilot.domain.grounding.words import words
from copilot.domain.materials import CITABLE, Source
from copilot.domain.messages import Message
from copilot.domain.quantities import figures

BY_WORDS = "unsupported_statement"
"""The rule under which the words leave a sentence open."""
BY_MODEL = "unsupported_by_model"
"""The rule under which a model says that no passage bears a sentence out."""
_OPEN = frozenset({BY_WORDS, BY_MODEL})
_UNTOLD = "untold_sentence"

_LEAST_HAN = 8
_LEAST_WORDS = 5
_BESIDE = 2  # Sentences next to each other that one quote may hold.
_LEAST_QUOTED = 4  # Characters: what is shorter stands in any passage.

_HAN = re.compile(r"[一-鿿]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_LOOSE = re.compile(r"[\W_]+")
# Greets, thanks, or asks for something to be done: it asserts nothing that a source could bear out.
_TALK = re.compile(
    r"早安|晚安|午安|[早中下晚]上?午?好|大家好|你好|您好|欢迎|感谢|谢谢|祝|辛苦了|愉快|快乐"
    r"|^[\W_]*(?:快来|来|一起|请|戳|点击|点开|扫码|回复|留言|评论|告诉|说说|聊聊|分享|晒|接龙|打卡|试试|记得|别忘|不妨|猜|选|投票|私信|找|去|领|抢|把|给自己|让|看看|等你)"
    r"|评论区|留言|回复|告诉我们|等你|接龙|扫码|聊聊|说说看|吧[！!~。]?[\W_]*$"
    r"|\b(?:hello|hi|hey|good (?:morning|evening|afternoon|night)|welcome|thank(?:s| you)|happy|cheers|dear)\b"
    r"|^[\W_]*(?:morning|reply|tell|share|try|pop|drop|join|come|take|let(?:'|’)s|vote|guess|pick|choose|show|see|have|tap|click|post|send|ask|give|put|remember|don(?:'|’)t|look|light|make|grab|start|save|just (?:say|reply))\b",
    re.IGNORECASE,
)
# A negation is no negation within these words.
_NO_NEGATION = re.compile(
    r"无理由|无条件|无忧|无线|无比|无论|不锈钢|不仅|不但|不妨|不愧|不同|不断|不少|不止|不过|不论|不管|差不多|非常|非遗|别致|别的|特别|分别|没收"
    r"|no[- ]quibble|no[- ]questions|not only|no doubt|no matter",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"[不没无未非勿别]|(?<![a-z])(?:no|not|never|none|nothing|nobody|without|cannot|neither|nor|unavailable|[a-z]+n['’]t)(?![a-z])",
    re.IGNORECASE,
)
_EVERYTHING = re.compile(
    r"所有|全部|全国|全场|全年|任何|一切|不管|无论|随时|人人|每个?人|谁都|都能|都可以|统统"
    r"|(?<![a-z])(?:all|every(?:one|body|thing|where)?|any(?:one|body|thing|where|time)?|always|whatever|whenever|wherever|worldwide)(?![a-z])",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"仅|只限|只有|只要|部分|除外|除了|以外|指定|会员|如果|要是|若|凡|的话|达到|买够|满(?!意|足)|质量问题|有毛病"
    r"|(?<![a-z])(?:only|except|unless|if|when|once|should|did|provided|members?|subscribers|some|selected|within|damaged|faulty)(?![a-z])",
    re.IGNORECASE,
)


class Unasked(StrEnum):
    """Why a model is not asked about a sentence, or did not come to answer about it."""

    TOO_MANY = "too_many"
    BROKE_OFF = "broke_off"
    FIGURES = "figures"
    FAULTED = "faulted"
    OPTION = "option"
    NO_CLAIM = "no_claim"
    SETTLED = "settled"


@dataclass(frozen=True)
class Stretch:
    """One sentence of a passage, or two that stand together; `text` is the passage's to the letter."""

    passage: int
    text: str


@dataclass(frozen=True)
class Judgement:
    """What was said of the claim that begins at `start`: it follows from the quote, or, with no quote, from nothing."""

    start: int
    method: Method
    passage: int | None = None
    quote: str = ""


@dataclass(frozen=True)
class Kept:
    """A judgement of an earlier check, by the words that it was about."""

    sentence: str
    method: Method
    passage: int | None = None
    quote: str = ""


@dataclass(frozen=True)
class _Held:
    """A stretch with what the guards ask of it."""

    stretch: Stretch
    about: frozenset[str]
    facts: frozenset[str]
    near: str


class Grounds:
    """The sources valid at a time, as the guards see them."""

    def __init__(self, sources: Sequence[Source], *, at: datetime, products: Sequence[str] = ()) -> None:
        valid = [source for source in sources if source.kind in CITABLE and source.window.covers(at)]
        self._at = at
        self._names = catalogue(tuple(products), tuple(product_cells(valid)))
        readings = [read_source(source, self._names) for source in valid]
        self._statements = Statements(readings, self._names)
        self._held = tuple(held for reading in readings for held in self._stretches(reading))

    def _stretches(self, reading: Reading) -> Iterator[_Held]:
        source = reading.source
        assert source is not None
        headed = self._named(f"{source.title}\n{source.context}")
        near = f"{source.text}\n{source.title}\n{source.context}".lower()
        for first in range(len(reading.sentences)):
            for last in range(first, min(first + _BESIDE, len(reading.sentences))):
                start, end = reading.sentences[first][0], reading.sentences[last][1]
                text = reading.text[start:end]
                # What a passage says to whoever writes is blank in its reading, and carries nothing.
                if text == source.text[start:end] and not is_question(text):
                    about = self._named(text) or headed
                    yield _Held(Stretch(source.passage, text), about, facts_said(near), near)

    def _named(self, text: str) -> frozenset[str]:
        return frozenset().union(*(mention.names for mention in self._names.mentions(text)))

    def about(self, claims: Sequence[Claim]) -> dict[int, frozenset[str]]:
        """The products that each claim, by its start, speaks of: those it names, else those named before it."""
        carried: frozenset[str] = frozenset()
        spoken: dict[int, frozenset[str]] = {}
        for claim in claims:
            carried = self._named(claim.sentence) or carried
            spoken[claim.start] = carried
        return spoken

    def is_plain(self, sentence: str) -> bool:
        """Whether it holds neither figure nor day: those are compared, and never a matter of likeness."""
        return not figures(sentence, self._names.spellings) and not day_words(sentence, self._at)

    def carrying(self, sentence: str, about: frozenset[str]) -> list[Stretch]:
        """The stretches that could carry a sentence about these products, as far as the guards can tell."""
        if self._statements.unsaid_gifts(sentence) or not self.is_plain(sentence):
            return []
        return [
            held.stretch
            for held in self._held
            if _speaks_of_it(sentence, held)
            and self._touch(sentence, held.stretch.text)
            and not (about and held.about and not about & held.about)
            and not _denies(sentence, held.stretch.text)
            and not _widens(sentence, held.stretch.text)
        ]

    def _touch(self, sentence: str, quote: str) -> bool:
        """Whether both share a promise, or a word that is no product's name: a weak model quotes whatever it likes."""
        return bool(facts_said(sentence) & facts_said(quote) or self._words(sentence) & self._words(quote))

    def _words(self, text: str) -> frozenset[str]:
        names = [(mention.start, mention.end) for mention in self._names.mentions(text)]
        return frozenset(
            word.form
            for word in words(text)
            if not any(start < word.end and word.start < end for start, end in names)
        )

    def quoted(self, quote: str, passage: int | None = None) -> list[Stretch]:
        """The stretches that hold these words, the shortest first; white space counts as one blank."""
        parts = quote.split()
        if len("".join(parts)) < _LEAST_QUOTED:
            return []
        sought = re.compile(r"\s+".join(map(re.escape, parts)))
        found = (held.stretch for held in self._held if sought.search(held.stretch.text))
        return sorted((one for one in found if passage in (None, one.passage)), key=lambda one: len(one.text))


def open_claims(told: Ledger, grounds: Grounds) -> tuple[Claim, ...]:
    """The sentences without figures that the words or a model found no support for, and nothing else is said against."""
    return tuple(
        claim
        for claim in told.claims
        if claim.verdict is Verdict.UNSUPPORTED
        and (rules := {finding.rule for finding in _against(claim, told)})
        and rules <= _OPEN
        and grounds.is_plain(claim.sentence)
    )


def assertions(told: Ledger, grounds: Grounds, furniture: Sequence[str] = ()) -> tuple[Claim, ...]:
    """The sentences passed as opinion that all the same assert something; `furniture` are the column's own phrases."""
    own = [_bare(phrase) for phrase in furniture]
    return tuple(
        claim
        for claim in told.claims
        if claim.verdict is Verdict.OPINION
        and not _against(claim, told)
        and not is_question(claim.sentence)
        and not _TALK.search(claim.sentence)
        and _is_long(claim.sentence)
        and not any(
            _bare(claim.sentence) in phrase or phrase in _bare(claim.sentence) for phrase in own if phrase
        )
        and grounds.is_plain(claim.sentence)
    )


def unasked(claim: Claim, told: Ledger, grounds: Grounds) -> Unasked:
    """Why a sentence is neither open nor an assertion; the first reason that a reader would give."""
    if claim.verdict is Verdict.SUPPORTED:
        return Unasked.SETTLED
    if not grounds.is_plain(claim.sentence):
        return Unasked.FIGURES
    if claim.verdict is Verdict.UNSUPPORTED or _against(claim, told):
        return Unasked.FAULTED
    return Unasked.NO_CLAIM


def beside_figures(sentence: str) -> str:
    """The clauses of a sentence that state no figure, where others do: they may speak of something else altogether."""
    parts = [sentence[low:high] for low, high in clauses(sentence, 0, len(sentence))]
    rest = [part for part in parts if not figures(part)]
    told = "，".join(rest)
    return told if len(rest) < len(parts) and _is_long(told) else ""


def entailed(told: Ledger, judgements: Sequence[Judgement], grounds: Grounds) -> Ledger:
    """The ledger with what was judged settled, as far as the guards let it be.

    Taken up are judgements of sentences that are open or pass as opinion; of others none changes anything.
    """
    said = {one.start: one for one in judgements}
    about = grounds.about(told.claims)
    loose = {claim.start for claim in (*open_claims(told, grounds), *_opinions(told, grounds))}
    claims: list[Claim] = []
    findings = list(told.findings)
    for claim in told.claims:
        judgement = said.get(claim.start) if claim.start in loose else None
        if judgement is not None and judgement.quote:
            claim = _acquitted(claim, judgement, grounds, about[claim.start])
            if claim.verdict is Verdict.SUPPORTED:
                findings = [one for one in findings if not _is_about(one, claim)]
        elif judgement is not None and judgement.method is Method.MODEL:
            if claim.verdict is Verdict.OPINION:
                findings = [one for one in findings if not _is_about(one, claim)]
                findings.append(_warning(claim))
            claim = replace(claim, verdict=Verdict.UNSUPPORTED, method=Method.MODEL)
        claims.append(claim)
    return Ledger(tuple(claims), tuple(sorted(findings, key=lambda one: (one.start, one.end, one.rule))))


def again(told: Ledger, kept: Sequence[Kept], grounds: Grounds) -> Ledger:
    """The ledger with earlier judgements of the same sentences, held against the sources as they are now."""
    known = {one.sentence: one for one in kept}
    found = [(claim.start, known[claim.sentence]) for claim in told.claims if claim.sentence in known]
    # A revision of a material has new passages, in which the same words may stand.
    judgements = [Judgement(start, one.method, quote=one.quote) for start, one in found]
    return entailed(told, judgements, grounds)


def _opinions(told: Ledger, grounds: Grounds) -> Iterator[Claim]:
    for claim in told.claims:
        if (
            claim.verdict is Verdict.OPINION
            and not _against(claim, told)
            and grounds.is_plain(claim.sentence)
        ):
            yield claim


def _acquitted(claim: Claim, judgement: Judgement, grounds: Grounds, about: frozenset[str]) -> Claim:
    carrying = grounds.carrying(claim.sentence, about)
    found = next((one for one in grounds.quoted(judgement.quote, judgement.passage) if one in carrying), None)
    if found is None:
        return claim
    evidence = (found.passage, found.text)
    return replace(
        claim,
        verdict=Verdict.SUPPORTED,
        passage=found.passage,
        quote=found.text,
        evidence=(evidence,),
        method=judgement.method,
    )


def _against(claim: Claim, told: Ledger) -> list[Finding]:
    """What the ledger says against a sentence; how it sounds or is set is another matter."""
    return [
        one
        for one in told.findings
        if one.check is Check.CLAIMS
        and one.rule != _UNTOLD  # That one asks for a look, and says nothing against it.
        and one.start < claim.end
        and claim.start < one.end
    ]


def _is_about(finding: Finding, claim: Claim) -> bool:
    return finding.rule in (*_OPEN, _UNTOLD) and (finding.start, finding.end) == (claim.start, claim.end)


def _speaks_of_it(sentence: str, held: _Held) -> bool:
    """Whether the very passage makes the promises of a sentence and names its materials and places."""
    return facts_said(sentence) <= held.facts and all(thing in held.near for thing in things_said(sentence))


def _denies(sentence: str, quote: str) -> bool:
    """Whether one of the two negates what the other states, in the same word or only as a whole."""
    own = {word.form for word in words(sentence)}
    theirs = {word.form for word in words(quote)}
    turned = {form[1:] if form.startswith("¬") else f"¬{form}" for form in own - theirs}
    return bool(turned & theirs) or _negates(sentence) != _negates(quote)


def _negates(text: str) -> bool:
    return _NEGATION.search(_NO_NEGATION.sub(" ", text)) is not None


def _widens(sentence: str, quote: str) -> bool:
    """Whether a sentence says of all, or without a condition, what its source says of some."""
    if _EVERYTHING.search(sentence) and not _EVERYTHING.search(quote):
        return True
    return bool(_CONDITION.search(quote)) and not _CONDITION.search(sentence)


def _is_long(sentence: str) -> bool:
    return len(_HAN.findall(sentence)) >= _LEAST_HAN or len(_LATIN.findall(sentence)) >= _LEAST_WORDS


def _bare(text: str) -> str:
    return _LOOSE.sub("", text).lower()


def _warning(claim: Claim) -> Finding:
    return Finding(
        check=Check.CLAIMS,
        rule=BY_MODEL,
        severity=Severity.WARN,
        start=claim.start,
        end=claim.end,
        text=claim.sentence,
        reason=Message("claims.unsupported_by_model"),
    )
