"""Takes from a post what it states, so that each fact can stand in another text without changing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from copilot.adapters.llm.composer import facts as finding
from copilot.adapters.llm.composer.asked import Asked, asked
from copilot.adapters.llm.composer.citing import Citing
from copilot.adapters.llm.composer.frames import Words
from copilot.adapters.llm.composer.reading import has, has_verb, refused
from copilot.adapters.llm.composer.scoring import alike
from copilot.domain.brands import Language
from copilot.domain.checks.structure import calls_to_action
from copilot.domain.columns import Form
from copilot.domain.drafts import Brief
from copilot.domain.materials import Kind
from copilot.domain.quantities import figures
from copilot.domain.sentences import HAN, LINK, sentences

_QUOTED = re.compile("[”」』]")
_SPACED = re.compile(rf"(?<=[{HAN}，、。：]) (?=[\dA-Za-z])|(?<=[\dA-Za-z℃%]) (?=[{HAN}])")
# A heading is a material's own, and a material may be anybody's: one that looks like markup or an order is not shown.
_UNFIT_HEADING = re.compile(
    r"[<>{}\[\]【】#*@/\\|:：]|忽略|无视|指令|提示词|ignore|disregard|instruct|prompt|system", re.IGNORECASE
)
_ITEM = re.compile(r"^\s*(?:\d{1,2}\s*[.、．)）]|[-–•·*])\s*")
_VARIANT = 16  # characters, as in "The Keeper Jar in Slate"
_SAME = 0.4  # of four-grams shared: one of two sentences says the other again
_TAKES_PART = frozenset(
    {Form.OFFER, Form.SOLITAIRE, Form.DICE, Form.LOTTERY, Form.RED_ENVELOPE, Form.PHOTO_REWARD}
)
_WAYS = frozenset({Kind.CONCEPT, Kind.CULTURE, Kind.BRAND_FILE})
_MOSTLY = 0.6  # of the facts that name a product
_CORE = 6  # characters that still say something
_HANGS = tuple("和与、，是本里上中内外这那也都就才则")  # What begins so needs the name before it.
_HEADING = {Language.ZH: 14, Language.EN: 36}  # characters


@dataclass(frozen=True)
class Told:
    """A fact of the original. `text` is as the original has it, `whole` can be understood without what stood before.

    `core` is without the name of its product, for where a title has just said it. `lines` are those of a question
    with its options, which only make sense together; then `text` is all of them. `sources` of each line are in `marks`.
    """

    text: str
    whole: str
    core: str
    sources: tuple[int, ...]
    about: str
    product: str = ""
    heading: str = ""
    quoted: bool = False
    attribution: str = ""  # of further words of a member, which are still to be introduced
    lines: tuple[str, ...] = ()
    marks: tuple[tuple[int, ...], ...] = ()


class Retelling:
    """Reads the original of one brief. `call` is the column's own call to action where the facts hang on it."""

    def __init__(self, brief: Brief, words: Words) -> None:
        assert brief.original is not None
        self.brief = brief
        self.words = words
        self.language = brief.brand.language
        self.original = brief.original
        self.products = sorted(brief.brand.products, key=len, reverse=True)
        self._found = finding.facts(brief, words)
        self._citing = Citing(brief, brief.original)
        question = asked(self.original)
        self.asks = question is not None
        self.call, self.call_sources = self._call()
        self.told = self._in_order(question)

    def product(self) -> str:
        """The product that the post is about; "" where it is about none, or nobody could say which."""
        if self.about() in ("points", "welcome"):
            return ""  # they name products in passing
        named = [fact.product for fact in self.told if fact.product]
        if named:
            first = max(dict.fromkeys(named), key=named.count)
            return first if named.count(first) > _MOSTLY * len(named) else ""
        if self.asks:
            return ""  # whose name may be asked for is not told in a title
        return next((name for name in self.products if has(self.original.text, name)), "")

    def of_one_product(self) -> bool:
        """Whether a title that names the product is enough: no fact mentions another one."""
        named = {name for fact in self.told for name in self.products if has(fact.whole, name)}
        return bool(self.product()) and len(named) == 1

    def about(self) -> str:
        """What kind of fact leads the post, as the frames are sorted by."""
        form = self.brief.column.form
        if self.asks:
            return "ask"
        if form is Form.WELCOME:
            return "welcome"
        kinds = [fact.about for fact in self.told]
        return max(dict.fromkeys(kinds), key=kinds.count) if kinds else "story"

    def more(self, most: int) -> list[Told]:
        """Further sentences of the passages that the original cites, for a position with room: never of others.

        Where the post is about one product, nothing that is only about another; nothing beside a question, whose
        answer it might give away.
        """
        if self.asks:
            return []
        if any(fact.quoted for fact in self.told):
            return self._more_words()
        said = {fact.text for fact in self.told} | {fact.whole for fact in self.told}
        whole = self.original.text
        cited = {n for fact in self.told for n in fact.sources}
        left = [
            fact
            for fact in sorted(self._found, key=lambda fact: fact.source not in cited)
            if fact.lifted
            and not fact.attribution
            and not fact.row
            and not fact.windowed
            and fact.text not in whole
            and not any(alike(fact.text, one, self.language) > _SAME for one in said)
            and not calls_to_action(fact.text, self.language)
            and (not self.product() or not fact.products or self.product() in fact.products)
        ]
        return [self._fact(fact.text, (fact.source,), fact.text) for fact in left[:most]]

    def _more_words(self) -> list[Told]:
        """What else the same member says in the same passage, unbroken: two sentences at most."""
        told = self.told[0]
        left = [
            fact
            for fact in self._found
            if fact.attribution and fact.source in told.sources and fact.text not in self.original.text
        ]
        if not left:
            return []
        run = [left[0], *(fact for fact in left[1:2] if fact.order == left[0].order + 1)]
        words = ("" if self.language is Language.ZH else " ").join(fact.text for fact in run)
        return [
            replace(
                told,
                text=words,
                whole=words,
                core=words,
                attribution=left[0].attribution,
                sources=(left[0].source,),
            )
        ]

    def heading(self, source: int) -> str:
        """The heading that a passage stands under, if it can be shown to readers; "" otherwise."""
        name = self.brief.sources[source - 1].context.rsplit("›", 1)[-1].strip()
        bad = (
            not 2 <= len(name) <= _HEADING[self.language]
            or "›" not in self.brief.sources[source - 1].context
            or _UNFIT_HEADING.search(name)
            or LINK.search(name)
            or figures(name, self.brief.brand.products)
            or name.endswith(("。", ".", "！", "!"))
            or has(
                name, *refused(self.brief.voice), *self.words.unfit, *self.words.inward, *self.words.absolutes
            )
            or (self.language is Language.ZH and not re.search(f"[{HAN}]", name))
        )
        return "" if bad else name

    def _in_order(self, question: Asked | None) -> list[Told]:
        """The facts as the original has them, a question where its first line stands."""
        told: list[Told] = []
        for text, sources in self._citing.sentences():
            if question is not None and text in question.text:
                if not any(fact.lines for fact in told):
                    told.append(_question(question))
            elif text not in self.call and self._citing.states(text, sources):
                before = told[-1] if told and not told[-1].lines else None
                told.append(self._fact(text, sources, self._whole(text, sources, before)))
        return told

    def _call(self) -> tuple[str, tuple[int, ...]]:
        """An offer's, a game's and a question's own call says how to take part; else the position has one of its own."""
        call = self.brief.column.call_to_action
        if not call or call not in self.original.text:
            return "", ()
        inside = [stated for stated in self.original.stated if stated.text in call]
        cited = tuple(dict.fromkeys(n for stated in inside for n in stated.sources))
        kept = inside or self.asks or self.brief.column.form in _TAKES_PART
        return (call, cited) if kept else ("", ())

    def _fact(self, text: str, sources: tuple[int, ...], whole: str) -> Told:
        inside = [name for name in self.products if has(whole, name)]
        product = min(inside, key=whole.find, default="")
        quoted = any(self.brief.sources[n - 1].attribution for n in sources) and bool(_QUOTED.search(text))
        return Told(
            text=text,
            whole=whole,
            core=self._core(whole, product),
            sources=sources,
            about="said" if quoted else self._about(sources),
            product=product,
            heading=self.heading(sources[0]) if sources else "",
            quoted=quoted,
        )

    def _about(self, sources: Sequence[int]) -> str:
        if self.brief.column.form is Form.POINTS:
            return "points"
        if any(self.brief.sources[n - 1].kind in _WAYS for n in sources):
            return "ways"
        about = next((fact.about for fact in self._found if fact.source in sources), "story")
        return "story" if about == "said" else about  # a member's tale in our words

    def _whole(self, text: str, sources: Sequence[int], before: Told | None) -> str:
        """The sentence with the name that a pronoun stood for: its passage has it, or else it is the one before."""
        pronouns = {
            self.words.pronoun: "",
            self.words.possessive: "’s" if self.language is Language.EN else "",
        }
        for pronoun, owner in pronouns.items():
            rest = text.removeprefix(pronoun)
            if rest == text or (self.language is Language.EN and not rest.startswith(" ")):
                continue
            known = [full for n in sources for full in self._ending(rest, n)]
            if known:
                return known[0]
            if before is not None and before.product:
                return _named(before) + owner + rest
        return text

    def _ending(self, rest: str, source: int) -> Iterator[str]:
        """The passage's sentences that end like this and begin with little more than a product's name."""
        passage = self.brief.sources[source - 1].text
        for start, end in sentences(passage, self.language):
            full = _ITEM.sub("", passage[start:end])
            begins = full.removesuffix(rest)
            name = next((name for name in self.products if has(begins, name)), "")
            if begins != full and name and len(begins) <= len(name) + _VARIANT:
                yield full

    def _core(self, whole: str, product: str) -> str:
        """The fact without the product's name in front, where what is left still says it."""
        if not product or any(has(whole, other) for other in self.products if other != product):
            return whole
        if self.language is Language.ZH:
            rest = whole.removeprefix(product)
            bare = rest != whole and len(rest) > _CORE and not rest.startswith(_HANGS)
            return rest.removeprefix("的") if bare else whole
        begins = re.match(rf"(?:the |an? )?{re.escape(product)} ", whole, re.IGNORECASE)
        if begins is None:
            return whole
        rest = whole[begins.end() :]
        verb = rest.split()[0]
        says = has_verb(verb, frozenset(self.words.verbs)) and verb != "is"
        return rest[:1].upper() + rest[1:] if says else whole


def _question(found: Asked) -> Told:
    text = found.text
    return Told(text, text, text, found.sources, "ask", lines=found.lines, marks=found.marks)


def _named(fact: Told) -> str:
    """The product as the fact spells it, with its article, to begin a sentence with."""
    spelt = re.search(rf"(?:the |an? )?{re.escape(fact.product)}", fact.whole, re.IGNORECASE)
    name = spelt[0] if spelt else fact.product
    return name[:1].upper() + name[1:]


def tight(text: str) -> str:
    """Chinese without the spaces around figures, which some people set and nobody misses."""
    return _SPACED.sub("", text)
