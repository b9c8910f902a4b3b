"""Speaks the authored frames in a brand's voice: slots filled, terms kept, and not the same as lately."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.frames import Book, FormFrames, Frame
from copilot.adapters.llm.composer.reading import has, has_verb, refused, said_beside, size
from copilot.domain.brands import Language
from copilot.domain.columns import Form
from copilot.domain.drafts import Brief
from copilot.domain.likeness import said
from copilot.domain.sentences import sentences

_SENTENCE_START = re.compile(r"(^|[.!?]\s+)([a-z])")
_GREETING = re.compile(r".+?(?:[。！？]|[.!?]\s+)(?=.)")
_SLOT = re.compile(r"\{\w+\}")
_TELLING = 3  # A part of a frame no longer than this is in many texts.
_TIMED = ("{now}", "{weekday}")
# A greeting of the house's own would be too merry for a notice, and a long text begins with its subject.
_UNGREETED = frozenset({Form.WELCOME, Form.ANNOUNCEMENT, Form.ARTICLE})
# Talk and tales may take the week's main line up; an offer or a game has a matter of its own.
_THREADED = frozenset(
    {
        Form.TEXT,
        Form.CHECK_IN,
        Form.TOPIC,
        Form.SEEDING,
        Form.SOLITAIRE,
        Form.PHOTO_REWARD,
        Form.LIVE_TEASER,
        Form.ARTICLE,
    }
)
_LINE_EVERY = 3  # posts: the week's main line is a thread, not a refrain
_LINE_AT_MOST = {Language.ZH: 20, Language.EN: 10}
_NO_LINE = re.compile(r"[\d\n「」“”\"%￥¥£$€{}]")


def daypart(at: datetime) -> str:
    """The part of the day by the wall clock; a greeting must fit it."""
    minutes = at.hour * 60 + at.minute
    if minutes < 5 * 60 or minutes >= 18 * 60:
        return "evening"
    if minutes < 11 * 60 + 30:
        return "morning"
    return "noon" if minutes < 14 * 60 else "afternoon"


class Stage:
    """One post being written: `turn` is its place in every rotation, `subject` what it is about."""

    def __init__(
        self, brief: Brief, book: Book, *, form: Form, turn: int, subject: str, about: str = ""
    ) -> None:
        self.brief = brief
        self.voice = brief.voice
        self.language = brief.brand.language
        self.words = book.words
        self.frames: FormFrames = book.forms[form.value]
        self.leads = book.leads
        self.form = form
        self.turn = turn
        self.about = about
        self.product = subject if subject in brief.brand.products else ""
        self._refused = refused(brief.voice)
        self._used: set[str] = set()
        self._beside = said_beside(brief.beside, self.language)
        self._slots = self._fill()
        self._main_line = self._line()

    def _fill(self) -> dict[str, str]:
        at, words, brand = self.brief.starts_at, self.words, self.brief.brand
        part = words.dayparts[daypart(at)]
        known = self.voice.address in ("你", "您")
        return {
            "hello": words.any_hello if self.form is Form.WELCOME else part.hello,
            "now": part.now,
            "weekday": words.weekdays[at.isoweekday() - 1],
            "members": brand.members_called or words.everyone,
            "persona": self.voice.persona or brand.name,
            "brand": brand.name,
            "you": self.voice.address if known and self.language is Language.ZH else words.you,
            "product": self.with_article(self.product) if self.product else "",
        }

    def with_article(self, product: str) -> str:
        """The name as the materials use it in a sentence: "the Keeper Jar", but "Bramble Starter"."""
        texts = " ".join(source.text for source in self.brief.sources)
        bare = len(re.findall(re.escape(product), texts))
        led = 0
        for article in self.words.articles:
            led += len(re.findall(rf"\b{article} {re.escape(product)}", texts, re.IGNORECASE))
        return f"{self.words.articles[0]} {product}" if led and led * 3 > bare else product

    def say(self, frame: str, **more: str) -> str:
        """The frame with its slots filled."""
        text = frame.format(**{**self._slots, **more})
        if self.language is Language.EN:
            text = _SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)
        return text

    def _line(self) -> str:
        """The week's main line, if it is a short phrase that claims nothing by itself."""
        line = self.brief.line.strip().rstrip("。.！!？?")
        if size(line, self.language) > _LINE_AT_MOST[self.language] or _NO_LINE.search(line):
            return ""
        return line

    def frame(self, pool: Sequence[Frame], key: str, step: int = 0, *, about: str = "", **more: str) -> str:
        """The frame whose turn it is among those that suit what this post, or this part of it, is about."""
        about = about or self.about
        suited = [frame.text for frame in pool if not frame.about or about in frame.about]
        return self.pick(suited, key, step, **more)

    def line(self, name: str, step: int = 0, *, about: str = "", **more: str) -> str:
        """A frame of one of this form's lists."""
        return self.frame(self.frames[name], name, step, about=about, **more)

    def named(self, name: str, step: int = 0, **more: str) -> str:
        """A frame that names the product where the post turns on one, and elsewhere one that does without."""
        pool = [text for text in self.texts(name) if ("{product}" in text) is bool(self.product)]
        return self.pick(pool, name, step, **more)

    def texts(self, name: str) -> list[str]:
        return [frame.text for frame in self.frames[name]]

    def scene(self, step: int = 0) -> str:
        """What is said before the facts; in some posts, what ties the week together."""
        if self._main_line and self.form in _THREADED and (self.turn + step) % _LINE_EVERY == 0:
            told = self.pick(self.leads.line, "line", step, line=self._main_line)
            if told:
                return told
        return self.line("scenes", step)

    def closing(self, step: int = 0) -> str:
        """A last word before the call to action; never a question when that asks one: one thing is asked.

        A topic is talked about only when somebody asks. Elsewhere it may be left out, so what members read lately is not said again.
        """
        asks = any(mark in self.brief.column.call_to_action for mark in "？?")
        wanted = {False} if asks else {True} if self.form is Form.TOPIC else {False, True}
        pool = [frame for frame in self.frames.closings if frame.text.endswith(("？", "?")) in wanted]
        unheard = [frame for frame in pool if not self._heard(frame.text, self.say(frame.text))]
        return self.frame(unheard, "closings", step)

    def pick(self, pool: Sequence[str], key: str, step: int = 0, **more: str) -> str:
        """The text whose turn it is among those that fit, said; "" when none fits."""
        known = [frame for frame in pool if self._slots_known(frame, more)]
        able = {text: frame for frame in known if self.fits(text := self.say(frame, **more))}
        new = {text: frame for text, frame in able.items() if not self.repeats(text)} or able
        unheard = [text for text, frame in new.items() if text and not self._heard(frame, text)]
        unused = [text for text in new if text and text not in self._used]
        chosen = [text for text in unheard if text not in self._used] or unused or list(new)
        if not chosen:
            return ""
        text = chosen[(self.turn + step + len(key)) % len(chosen)]
        self._used.add(text)
        return text

    def repeats(self, text: str) -> bool:
        """Whether a sentence of it stands in another post of the same piece of work."""
        return not self._beside.isdisjoint(said(text, self.language))

    def _heard(self, frame: str, text: str) -> bool:
        """Whether a recent text was built on this frame, whatever stood in its slots."""
        parts = [part for part in _SLOT.split(frame) if len(part) > _TELLING] or [text]
        return any(all(part in recent for part in parts) for recent in self.brief.recent)

    def _slots_known(self, frame: str, more: dict[str, str]) -> bool:
        if "{product}" in frame and not self.product and "product" not in more:
            return False
        return self.form is not Form.WELCOME or not any(slot in frame for slot in _TIMED)

    def fits(self, text: str) -> bool:
        """Whether the voice allows this text: its terms, and the length of its sentences."""
        if has(text, *self._refused):
            return False
        spans = sentences(text, self.language)
        return all(size(text[start:end], self.language) <= self.voice.max_sentence for start, end in spans)

    def greetings(self) -> list[str]:
        """The voice's own greetings that fit the time of day; at a welcome, those that fit any time."""
        now = daypart(self.brief.starts_at)
        fitting = []
        for greeting in self.voice.greetings:
            # "下午好，离晚饭还有一会儿" is of the afternoon: the first part of the day that it names counts.
            places = {
                name: min(greeting.lower().find(word) for word in part.words if has(greeting, word))
                for name, part in self.words.dayparts.items()
                if has(greeting, *part.words)
            }
            if not places or (min(places, key=places.__getitem__) == now and self.form is not Form.WELCOME):
                fitting.append(greeting if greeting[-1:] in "。！？.!?~～" else greeting + self.words.row_end)
        return fitting

    def opening(self, step: int = 0) -> str:
        """A greeting of the voice's own, or an authored opening that names the members or the persona.

        Nobody is greeted twice with the same words in one piece of work: "" when none are left.
        """
        frames = [
            self._unsaid(frame.text)
            for frame in self.frames.openings
            if not frame.about or self.about in frame.about
        ]
        if self.form in _UNGREETED:
            return self.pick(frames, "openings", step)
        own = [greeting.replace("{", "{{").replace("}", "}}") for greeting in self.greetings()]
        every = max(1, len(frames) // (len(own) or 1))
        pool: list[str] = []
        for at, frame in enumerate(frames):
            if own and at % every == 0:
                pool.append(own.pop(0))
            pool.append(frame)
        opening = self.pick([*pool, *own], "openings", step)
        return "" if self.repeats(opening) else opening

    def _unsaid(self, opening: str) -> str:
        """The frame without its greeting where another post of the same piece of work begins with that."""
        greeting = _GREETING.match(opening)
        if greeting is None or not self.repeats(self.say(greeting[0].rstrip())):
            return opening
        return opening[greeting.end() :]

    def lead_to(self, fact: Fact, pool: Iterable[str], key: str, step: int) -> str:
        """A phrase with a colon that makes no sentence too long with the fact that follows; "" if none does."""
        start, end = sentences(fact.text, self.language)[0]
        room = self.voice.max_sentence - size(fact.text[start:end], self.language)
        return self.pick([lead for lead in pool if size(self.say(lead), self.language) <= room], key, step)

    def told(self, fact: Fact, *, first: bool, after: Fact | None, named: bool) -> str | None:
        """The fact as it can stand here; None when it could not be understood."""
        if fact.attribution:
            words = fact.text.replace("{", "{{").replace("}", "}}")
            pool = [frame.replace("{fact}", words) for frame in self.leads.said]
            return self.pick(pool, "said", fact.order, attribution=fact.attribution) or None
        shown = self.form is Form.SEEDING or fact.about == "what"
        if shown and first and self.product and not (fact.named or named):
            gap = "" if self.language is Language.ZH else " "
            lead = self.lead_to(fact, self.leads.about, "about", fact.order)
            return lead + gap + fact.text if lead else None
        if after is not None and len(after.products) == 1 and not fact.row:
            return self._resumed(fact.text, after.text, after.products[0])
        return fact.text

    def _resumed(self, text: str, before: str, product: str) -> str:
        """The fact with a pronoun for the product that the fact before it was about, where it begins with that."""
        articles = "".join(f"{article} |" for article in self.words.articles)
        begins = re.match(rf"(?:{articles}){re.escape(product)}", text, re.IGNORECASE)
        if begins is None:
            return text
        rest = text[begins.end() :]
        variant = re.match(r" in \w+(?= )", rest)
        if variant and before.startswith(begins[0] + variant[0]):
            rest = rest[variant.end() :]
        if self.language is Language.ZH:
            return self.words.pronoun + rest if rest.startswith(self.words.after_pronoun) else text
        if rest.startswith(("'s ", "’s ")):
            return self.words.possessive + rest[2:]
        word = rest.split()[0] if rest.split() else ""
        return self.words.pronoun + rest if has_verb(word, self.words.verbs) else text
