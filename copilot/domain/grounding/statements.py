"""Sentences without figures: courtesy and feeling, or a fact that a source has to support."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.domain.grounding.clauses import clauses
from copilot.domain.grounding.places import Reading, figure_key
from copilot.domain.grounding.polarity import is_denied
from copilot.domain.grounding.promises import (
    BINDING,
    TALKED_OF,
    facts_said,
    is_asked_of_members,
    is_greeting,
    is_question,
    is_talk,
    things_said,
    unsaid,
    without_promises,
)
from copilot.domain.grounding.scope import is_limited
from copilot.domain.grounding.sorts import opposed, sorts
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.grounding.words import words

# What is given away: 送一套书签, a lock comes free, a free helmet.
_GIVEN = re.compile(
    r"(?P<p>[一-鿿]{2,5}?)的(?:钱|费用?)(?:都|也|全|由)?(?:我们|本店|咱们?)(?:都|全|来)?(?:出|掏|付|报|包)"
    r"|(?<![赠运配护派相发])(?:再|就|还)?(?:送|赠送?)(?:你|您|大家)?(?:一|1)[个套条只支盒份瓶张本袋把块枚双][的]?(?P<z>[一-鿿]{2,6})"
    r"|(?<![A-Za-z-])an? (?P<a>(?:[a-z]+ ){0,3}?[a-z]+) (?:comes?|is) (?:along )?(?:for )?free(?![a-z-])"
    r"|(?<![a-z])(?:gets?|receives?|(?:we|and)(?: will|['’]ll)? add|throws? in|includes?) an? (?P<c>(?:[\w-]+ ){0,3}?[\w-]+) (?:at no (?:extra )?(?:charge|cost)|for nothing|without charge|on us)(?![a-z])"
    r"|(?<![A-Za-z-])free (?P<b>lock|helmet|mug|tote|bag|sample|spoon|scarf|candle|notebook|bottle|jar|box|towel|brush|refill|gift)(?![a-z])",
    re.IGNORECASE,
)
# The repair is on the house.
_FREED = re.compile(
    r"(?<![A-Za-z])(?:the|your|a|any)[ ](?P<n>[a-z]{4,15})[ ](?:is|are|comes?)[ ](?:on the house|free of charge|on us)(?![A-Za-z])",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[;；]")
_CLAUSE = re.compile(r"[,;.，；。]")
_EXCUSED = re.compile(
    r"(?:不用|无需|无须|不必|不需要?)(?:再|您|你)?(?P<z>[一-鿿]{2})"
    r"|(?<![A-Za-z])(?:no need to|don['’]t (?:need|have) to|needn['’]t|without having to)[ ](?P<e>[a-z]{4,14})",
    re.IGNORECASE,
)
_WITHOUT_IT = re.compile(
    r"(?:没有|没带|不带|不用|弄丢)?(?P<z>[一-鿿]{2,3}?)(?:丢了|没带|没有|不在|弄丢了?)也"
)
_ASKED = re.compile(
    r"(?<![无不])(?:必须|须|需要?|务必)[^，。；、]{1,10}|(?<![a-z])(?:must|has to|have to|needs? to|required to)[ ][^,.;]{3,40}"
)
_GIVES = re.compile(r"送|赠|free|gift|on us|complimentary", re.IGNORECASE)


_ENOUGH = 3
_ALMOST_ALL = 0.6
_CLAUSE_SAID = 0.6
_LEAST_WORDS = 2
_TOGETHER = 0.75
_MOST_OF_A_WORD = 400  # Sentences that are looked at for one word.
_LONG = 8  # Han characters, of which an English word counts two.
_HAN_CHARACTER = re.compile(r"[一-鿿]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True)
class Statement:
    """What was decided of a sentence; `quote` is the passage's sentence as (reading, start, end) when supported."""

    supported: bool
    fact: bool
    quote: tuple[Reading, int, int] | None = None


class Statements:
    """The sentences of the valid sources, ready to be compared with sentences of copy."""

    def __init__(self, readings: Sequence[Reading], names: Catalogue) -> None:
        self._names = names
        self._about: list[frozenset[str]] = []
        self._sentences: list[tuple[Reading, int, int, frozenset[str], frozenset[str]]] = []
        self._by_word: dict[str, list[int]] = {}
        all_facts: set[str] = set()
        for reading in readings:
            if reading.source is not None:
                all_facts |= facts_said(reading.source.title) | facts_said(reading.source.context)
            for number, (start, end) in enumerate(reading.sentences):
                all_facts |= facts_said(reading.text[start:end])
                if reading.text[start:end].endswith(("?", "？")):
                    continue  # Who asks states nothing.
                forms = reading.sentence_words[number]
                for form in forms:
                    self._by_word.setdefault(form, []).append(len(self._sentences))
                self._sentences.append((reading, start, end, forms, facts_said(reading.text[start:end])))
                self._about.append(self._named(reading.text[start:end]) or self._headed(reading))
        self._all_facts = frozenset(all_facts)
        self._everything = "\n".join(
            f"{r.text}\n{r.source.title} {r.source.context}" if r.source else r.text for r in readings
        ).lower()

    def _named(self, text: str) -> frozenset[str]:
        return frozenset().union(*(mention.names for mention in self._names.mentions(text)))

    def _headed(self, reading: Reading) -> frozenset[str]:
        """What a passage's title and headings say that its sentences are about."""
        source = reading.source
        return self._named(f"{source.title}\n{source.context}") if source is not None else frozenset()

    def knows(self, form: str) -> bool:
        """Whether any sentence of the valid sources has this word."""
        return form in self._by_word

    def _listed(self, form: str) -> Sequence[int]:
        """The sentences that have this word, the first of very many."""
        return self._by_word.get(form, ())[:_MOST_OF_A_WORD]

    def unsupported_parts(self, sentence: str) -> tuple[frozenset[str], set[str]]:
        """Promises, and materials or places, of a sentence that no valid source speaks of."""
        missing = unsaid(facts_said(sentence), self._all_facts)
        if not facts_said(sentence):
            return missing, set()
        return missing, {thing for thing in things_said(sentence) if thing not in self._everything}

    def limited(self, sentence: str) -> str:
        """The sentence of a source that makes a binding promise of this one to some only, where none makes it to all."""
        said = facts_said(self._names.without_names(sentence)) & BINDING
        named = self._named(sentence)
        quote = ""
        for (reading, start, end, _, theirs), about in zip(self._sentences, self._about, strict=True):
            if said & theirs:
                told = reading.text[start:end]
                if not is_limited(told) and about <= named:
                    return ""
                quote = quote or (told if is_limited(told) else "")
        return quote

    def binds(self, sentence: str) -> bool:
        """Whether it promises what would bind the brand to give something, and no valid source promises."""
        return bool(self.unsupported_parts(self._names.without_names(sentence))[0] & BINDING)

    def is_unsaid(self, sentence: str, without_figures: str, figures: frozenset[str]) -> bool:
        """Whether a sentence promises, names, gives or excuses what no valid source does; its `figures` aside."""
        promises, things = self.unsupported_parts(self._names.without_names(without_figures))
        return bool(promises or things or self.unsaid_gifts(sentence, figures) or self.excuses(sentence))

    def unsaid_gifts(self, sentence: str, figures: frozenset[str] = frozenset()) -> bool:
        """Whether a sentence gives away something that no valid source gives."""
        if any(match["p"][-2:] not in self._everything for match in _GIVEN.finditer(sentence) if match["p"]):
            return True
        given = [
            match["z"] or match["a"] or match["b"] or match["c"]
            for match in _GIVEN.finditer(sentence)
            if not match["p"]
        ]
        freed = [match["n"].lower() for match in _FREED.finditer(sentence)]
        kinds = sorts(sentence)
        return any(not self._is_given(thing, kinds, figures) for thing in given) or any(
            not self._is_freed(noun) for noun in freed
        )

    def _is_given(self, thing: str, kinds: frozenset[str], figures: frozenset[str]) -> bool:
        """Whether a source that speaks of gifts names the thing, of a Chinese one how its name ends; and not for
        another sort of what is sold than these, nor in another part of a sentence that has these figures."""
        last = thing.lower().split()[-1].removesuffix("s") if thing.isascii() else thing[-2:]
        return any(
            last in reading.text[start:end].lower()
            and not opposed(kinds, sorts(reading.text[start:end]))
            and not self._is_given_for_others(last, figures, reading, start, end)
            for reading, start, end, _, said in self._sentences
            if "gift" in said or _GIVES.search(reading.text, start, end)
        )

    @staticmethod
    def _is_given_for_others(
        last: str, figures: frozenset[str], reading: Reading, start: int, end: int
    ) -> bool:
        """满500元送镜盒；满1000元送清洗机: who tells of 500 and of the second part's gift mixes the two."""
        parts: dict[bool, set[str]] = {True: set(), False: set()}
        at = start
        for part in _PARTS.split(reading.text[start:end]):
            keys = {figure_key(p.figure) for p in reading.places if at <= p.figure.start < at + len(part)}
            parts[last in part.lower()] |= keys
            at += len(part) + 1
        return bool(figures & (parts[False] - parts[True])) and not figures & parts[True]

    def _is_freed(self, noun: str) -> bool:
        """Whether a clause of a source says of this that it costs nothing: a loan scooter may, and the repair not."""
        return any(
            noun in clause.lower() and _GIVES.search(clause)
            for reading, start, end, _, _ in self._sentences
            for clause in _CLAUSE.split(reading.text[start:end])
        )

    def touches(self, sentence: str, calls: frozenset[str] = frozenset()) -> bool:
        """Whether a sentence asserts something of what a source speaks of, in words that none of them has so.

        `calls` are words of the names by which the copy speaks of itself and its readers.
        """
        if (
            is_asked_of_members(sentence)
            or is_talk(sentence)
            or len(_HAN_CHARACTER.findall(sentence)) + 2 * len(_LATIN_WORD.findall(sentence)) < _LONG
        ):
            return False
        named = self._named(sentence)
        is_name = bytearray(len(sentence))
        for one in self._names.mentions(sentence):
            is_name[one.start : one.end] = b"\x01" * (one.end - one.start)
        own = {
            word.form.removeprefix("¬") for word in words(sentence) if not any(is_name[word.start : word.end])
        } - calls
        tally = Counter(at for form in own for at in {*self._listed(form), *self._listed(f"¬{form}")})
        # Two words of one sentence are its subject; words of two sentences are chance.
        return any(
            count >= _LEAST_WORDS and (not named or not self._about[at] or bool(named & self._about[at]))
            for at, count in tally.items()
        )

    def excuses(self, sentence: str) -> bool:
        """Whether a sentence lets people off what a source asks of them: 不用寄回, where it says 须寄回."""
        for match in _WITHOUT_IT.finditer(sentence):
            if re.search(rf"凭[^，。；]{{0,6}}{match['z']}", self._everything):
                return True
        named = self._named(sentence)
        own = [
            (reading.text[start:end].lower(), forms)
            for (reading, start, end, forms, _), about in zip(self._sentences, self._about, strict=True)
            if not named or not about or named & about
        ]
        for match in _EXCUSED.finditer(sentence):
            excused = match["z"] or match["e"].lower()
            told = re.compile(rf"(?:无需|不用|无须|不必|免|no need to )[^，。；]{{0,4}}{re.escape(excused)}")
            if any(told.search(text) for text, _ in own):
                continue
            # What is asked for is in both; what it is asked of has to be, too.
            rest = {word.form for word in words(sentence[: match.start()] + " " + sentence[match.end() :])}
            if any(
                rest & forms and any(excused in ask for ask in _ASKED.findall(text)) for text, forms in own
            ):
                return True
        return False

    def judge(self, sentence: str) -> Statement:
        said = facts_said(self._names.without_names(sentence))
        forms = frozenset(word.form for word in words(sentence))
        named = self._named(sentence)
        best = self._best(forms, said, named)
        if named and not is_question(sentence) and self._is_told_of_another(forms, said, named, best):
            return Statement(False, True)
        if self.excuses(sentence):
            return Statement(False, True)
        if not said:
            if (
                best
                and len(forms) >= _ENOUGH
                and not is_question(sentence)
                and not is_greeting(sentence)
                and self._bears_out(sentence, best)
            ):
                return Statement(True, False, best[0])
            return Statement(False, False)
        if all(name[0] == "¬" for name in said):
            return Statement(False, False)  # Who refuses promises nothing.
        if is_question(sentence) and not said & {"free_shipping", "gift", "lifetime", "effect"}:
            return Statement(False, False)
        missing, things = self.unsupported_parts(self._names.without_names(sentence))
        if self.unsaid_gifts(sentence):
            return Statement(False, True)
        if not missing and not things and best:
            reading, start, end = best[0]
            theirs = facts_said(reading.text[start:end])
            told = not unsaid(said, theirs)
            alike = best[1] >= 0.5 or (len(forms) <= 3 and best[1] > 0) or (told and best[1] >= 0.3)
            # What binds the brand has to be promised there, and not only spoken of.
            same_facts = told or (best[1] >= 0.6 and not said & BINDING)
            same_facts = same_facts and self._things_in(sentence, reading)
            if (
                alike
                and same_facts
                and not self._denies(forms, reading, start, end)
                and not (
                    said & BINDING and not is_talk(sentence) and self._is_of_something_else(sentence, reading)
                )
            ):
                return Statement(True, True, best[0])
            if (
                not said & BINDING
                and self._is_spread_over(reading, forms, said)
                and not self._denies(forms, reading, start, end)
            ):
                return Statement(True, True, best[0])
        if not missing and not things and (quote := self._said_by_clauses(sentence, named)) is not None:
            return Statement(True, True, quote)
        if is_talk(sentence) and said <= TALKED_OF and not things:
            return Statement(False, False)
        return Statement(False, True)

    def _bears_out(self, sentence: str, best: tuple[tuple[Reading, int, int], float]) -> bool:
        """Whether a source's sentence says most of this one, and not only its product's name; and nothing the other way."""
        (reading, start, end), share = best
        theirs = reading.text[start:end]
        if _holds(theirs, sentence):
            return True
        own = {word.form for word in words(self._names.without_names(sentence))}
        shared = own & {word.form for word in words(theirs)}
        if share < _ALMOST_ALL or len(shared) < max(_LEAST_WORDS, _ALMOST_ALL * len(own)):
            return False
        if not _is_told_together(sentence, theirs):
            return False
        said, told = _ways(sentence), _ways(theirs)
        return all(said[form] & told[form] for form in said.keys() & told.keys())

    def _said_by_clauses(self, sentence: str, named: frozenset[str]) -> tuple[Reading, int, int] | None:
        """What says the last of a chatty sentence's promises, where each of its clauses that promises is said."""
        quote = None
        spans = clauses(sentence, 0, len(sentence))
        for low, high in spans if len(spans) > 1 else ():
            part = sentence[low:high]
            said = facts_said(part)
            if not said:
                continue
            forms = frozenset(word.form for word in words(part))
            best = self._best(forms, said, named)
            if best is None:
                return None
            reading, start, end = best[0]
            shared = forms & {word.form for word in words(reading.text[start:end])}
            if len(shared) < max(_LEAST_WORDS, _CLAUSE_SAID * len(forms)):
                return None
            if unsaid(said, facts_said(reading.text[start:end])) or self._denies(forms, reading, start, end):
                return None
            quote = best[0]
        return quote

    def _is_told_of_another(
        self,
        forms: frozenset[str],
        said: frozenset[str],
        named: frozenset[str],
        best: tuple[tuple[Reading, int, int], float] | None,
    ) -> bool:
        """Whether the sources say this almost word for word, and of another product than the one it names."""
        elsewhere = self._best(forms, said, frozenset())
        if elsewhere is None or len(forms) < _ENOUGH:
            return False
        return elsewhere[1] >= _ALMOST_ALL and elsewhere[1] > 2 * (best[1] if best is not None else 0.0)

    def _best(
        self, forms: frozenset[str], said: frozenset[str], named: frozenset[str]
    ) -> tuple[tuple[Reading, int, int], float] | None:
        """The sentence of a source that shares most; of those about other products than the `named` ones, none."""
        if not forms and not said:
            return None
        tally: dict[int, float] = {}
        for form in forms:
            for index in self._listed(form):
                tally[index] = tally.get(index, 0) + 1
        if said:
            for index, entry in enumerate(self._sentences[:2000]):
                if said & entry[4]:
                    tally[index] = tally.get(index, 0) + 0.5 * len(said & entry[4])
        if named:
            tally = {
                at: count for at, count in tally.items() if not self._about[at] or self._about[at] & named
            }
        if not tally:
            return None
        index = max(tally, key=lambda i: (tally[i], -len(self._sentences[i][3])))
        reading, start, end, *_ = self._sentences[index]
        total = max(1, len(forms))
        return (reading, start, end), min(1.0, tally[index] / total)

    def _is_of_something_else(self, sentence: str, reading: Reading) -> bool:
        """Whether a promise is made of what this passage does not speak of: refunds for breakage, told of a taste."""
        rest = frozenset(
            word.form.removeprefix("¬")
            for word in words(without_promises(self._names.without_names(sentence)))
        )
        theirs = frozenset().union(*reading.sentence_words)
        return bool(rest) and not any(form in theirs or f"¬{form}" in theirs for form in rest)

    def _is_spread_over(self, reading: Reading, forms: frozenset[str], said: frozenset[str]) -> bool:
        """Whether one sentence of the copy gathers what several of one passage say."""
        theirs = frozenset().union(*reading.sentence_words) if reading.sentence_words else frozenset()
        return len(forms & theirs) >= _ALMOST_ALL * len(forms) and not unsaid(said, facts_said(reading.text))

    def _denies(self, forms: frozenset[str], reading: Reading, start: int, end: int) -> bool:
        """Whether one of the two negates a word that the other states."""
        theirs = {word.form for word in words(reading.text[start:end])}
        if any(form[0] == "¬" for form in forms) and any(form[0] == "¬" for form in theirs):
            return False  # No wheat flour is used, and wheat flour isn't used: both deny, each another word.
        return any(
            (form[1:] if form[0] == "¬" else f"¬{form}") in theirs and form not in theirs
            for form in forms
            if form
        )

    def _things_in(self, sentence: str, reading: Reading) -> bool:
        near = reading.text.lower() + (
            f"{reading.source.title} {reading.source.context}".lower() if reading.source else ""
        )
        return all(thing in near for thing in things_said(sentence))


def _ways(text: str) -> dict[str, set[bool]]:
    """Of each word whether it is said, denied, or both."""
    ways: dict[str, set[bool]] = {}
    for word in words(text):
        ways.setdefault(word.form.removeprefix("¬"), set()).add(is_denied(text.lower(), word.start, word.end))
    return ways


def _is_told_together(sentence: str, theirs: str) -> bool:
    """Whether what each clause shares with a source stands there in one clause: the red lid of the one, the other's jar."""
    spans = clauses(theirs, 0, len(theirs))
    parts = [frozenset(word.form for word in words(theirs[low:high])) for low, high in spans]
    whole = frozenset().union(*parts)
    for low, high in clauses(sentence, 0, len(sentence)):
        own = frozenset(word.form for word in words(sentence[low:high])) & whole
        if max((len(own & part) for part in parts), default=0) < _TOGETHER * len(own):
            return False
    return True


def _holds(text: str, sentence: str) -> bool:
    """Whether it stands there to the letter, as a whole: "suitable for a hob" is no part of "not suitable for a hob"."""
    text, sentence = ("".join(part.split()).lower() for part in (text, sentence))
    at = text.find(sentence)
    return at == 0 or (at > 0 and not text[at - 1].isalnum())
