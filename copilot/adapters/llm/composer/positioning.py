"""Sets retold facts in the short positions: a message, a card, a feed, a teaser, a line among friends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from copilot.adapters.llm.composer.asked import is_option
from copilot.adapters.llm.composer.phrases import Phrases
from copilot.adapters.llm.composer.reading import size
from copilot.adapters.llm.composer.retelling import Retelling, Told, tight
from copilot.adapters.llm.composer.stage import Stage
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.markers import unmarked
from copilot.domain.positions import BULLET, NICKNAME, POSITIONS

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_LINE = {Language.ZH: 100, Language.EN: 60}  # A paragraph of a chat is not longer, as the language counts.
_FEED = 4  # lines of a feed between its hook and its call


@dataclass(frozen=True)
class Manner:
    """One attempt: how far every rotation is turned, and how sparing it is with words around the facts.

    At 0 all that suits is said, at 1 only what the form asks for; at 2 every fact names its product again, in case
    a reader, or the claim ledger, took it for another's; at 3 nothing is said that can be left out.
    """

    step: int = 0
    spare: int = 0


class Setting:
    """One attempt at the text of one position. Every piece of text already carries its `[n]` markers."""

    def __init__(self, told: Retelling, stage: Stage, manner: Manner) -> None:
        self.told = told
        self.stage = stage
        self.brief = told.brief
        self.language = told.language
        self.channel = self.brief.channel
        self.manner = manner
        self.phrases = Phrases(told, stage, manner.step)
        self.gap = "" if self.language is Language.ZH else " "

    def text(self) -> str:
        return _SETTERS[self.channel](self)

    def wecom_private(self) -> str:
        named = f"{NICKNAME}，" if self.language is Language.ZH else f"Hello {NICKNAME}, "
        opening, facts = self.phrases.say("openings", before=named), self._in_a_row()
        if self.manner.spare and self.language is Language.ZH and self.stage.fits(unmarked(named + facts[0])):
            opening, facts = "", [named + facts[0], *facts[1:]]
        else:
            facts = self._in_a_row(opening)
        declined = self.phrases.say("declines") if self.told.call else ""  # else the call has it
        return self.lines([self.run([opening, *facts]), self.run([self.call(), declined])])

    def community(self) -> str:
        return self._chat(self.opened(scene=not self.manner.spare), self.paragraphs())

    def slack(self) -> str:
        return self._chat(self.opened(scene=False), self.paragraphs())

    def telegram(self) -> str:
        few = len(self.told.told) <= _FEED
        return self._chat(self.opened(scene=False), self._in_a_row() if few else self.paragraphs())

    def discord(self) -> str:
        opening = self.phrases.say("openings")
        return self.lines([self._bright(opening), *self.paragraphs(opening), self.call()])

    def moments(self) -> str:
        hook = self.phrases.say("hooks")
        rows = "\n".join(self._in_a_row(hook, one_line=True)).splitlines()
        each = -(-len(rows) // _FEED)
        paired = [self.gap.join(rows[at : at + each]) for at in range(0, len(rows), each)]
        return "\n".join([self._bright(hook), *paired, self.call()])

    def mall(self) -> str:
        summary, points = self.phrases.say("summaries"), []
        for fact in self.told.told:
            rows = self._rows(fact)
            if fact.lines:
                summary, *rows = rows
            points += [BULLET + row for row in rows]
        call = self.call() if self.manner.spare < 3 or self.told.call else ""
        return "\n".join(filter(None, [self._name(), summary, *points, call]))

    def video_channel(self) -> str:
        least, most = POSITIONS[self.channel].title
        title, hook = self.phrases.say("titles", least=least, most=most), self.phrases.say("hooks")
        return self.lines([title, hook, *self.paragraphs(hook), self.call()])

    def live(self) -> str:
        show = self.phrases.say("shows")
        entry = self.phrases.say("entries") if self.told.call else ""  # else the call says how to come in
        return self.lines([self._announced(), self.run([show, entry]), *self.paragraphs(show), self.call()])

    def sms(self) -> str:
        name = self.brief.brand.name
        sender = f"【{name}】" if self.language is Language.ZH else f"{name}: "
        call = self.call() if self.manner.spare < 2 or self.told.call else ""
        text = sender + self.run([*self._in_a_row(one_line=True), call])
        return tight(text) if self.manner.spare else text

    def opened(self, *, scene: bool) -> str:
        opening = self.stage.opening(self.manner.step)
        said = self.stage.frame(self.stage.frames.scenes, "scenes", self.manner.step) if scene else ""
        return self.run([self._bright(opening), said])

    def paragraphs(self, before: str = "") -> list[str]:
        """The facts as paragraphs that a phone shows at a glance; a quotation and a question stand alone."""
        parts: list[list[str]] = []
        alone = True
        for fact in self.told.told:
            said = self.fact(fact, before="" if parts else before)
            apart = bool(fact.lines) or fact.quoted
            wide = parts and size(self.run([*parts[-1], said]), self.language) > _LINE[self.language]
            if alone or apart or wide:
                parts.append([said])
            else:
                parts[-1].append(self.fact(fact, after=True))
            alone = apart
        return [self.run(part) for part in parts]

    def fact(self, fact: Told, *, after: bool = False, before: str = "") -> str:
        """A fact with its markers. Right `after` another one it keeps the pronoun that it may have begun with.

        Where the words `before` it name its product, they are not said twice: Chinese leaves the name out, English
        says "It".
        """
        if fact.lines:
            return "\n".join(self._rows(fact))
        text = fact.text if after else fact.whole
        if fact.product and fact.product in before and fact.core != fact.whole and self.manner.spare < 2:
            core = fact.core[:1].lower() + fact.core[1:]
            text = fact.core if self.language is Language.ZH else f"{self.stage.words.pronoun} {core}"
        return text + marks(fact.sources)

    def call(self) -> str:
        """The call to the next position; a question's and an offer's own, which say how to take part."""
        if self.told.call:
            return self.told.call + marks(self.told.call_sources)
        return self.phrases.say("calls")

    def signed(self) -> str:
        return self.brief.voice.sign_off if self.manner.spare < 3 else ""

    def run(self, pieces: Iterable[str]) -> str:
        """Pieces as one paragraph; what has lines of its own begins on a new one."""
        text = ""
        for piece in filter(None, pieces):
            text += ("\n" if "\n" in text or "\n" in piece else self.gap if text else "") + piece
        return text.strip()

    def lines(self, parts: Iterable[str]) -> str:
        """Parts as people set them: Chinese chats line by line, English with a blank line between."""
        return ("\n" if self.language is Language.ZH else "\n\n").join(filter(None, parts))

    def _chat(self, opening: str, paragraphs: Sequence[str]) -> str:
        return self.lines([opening, *paragraphs, self.call(), self.signed()])

    def _in_a_row(self, before: str = "", *, one_line: bool = False) -> list[str]:
        """The facts one after another. The first leaves out a product that was named right `before` it."""
        said: list[str] = []
        for fact in self.told.told:
            rows = "\n".join(self._rows(fact, one_line=one_line)) if fact.lines else ""
            said.append(rows or self.fact(fact, after=bool(said), before="" if said else before))
        return said

    def _rows(self, fact: Told, *, one_line: bool = False) -> list[str]:
        """The lines of a question, or a fact as a point of a card. Options stand on one line where lines are few."""
        if not fact.lines:
            text = fact.core if self.told.of_one_product() and self.manner.spare < 2 else fact.whole
            return [(text if fact.quoted else text.rstrip("。.")) + marks(fact.sources)]
        rows = [(line, line + marks(cited)) for line, cited in zip(fact.lines, fact.marks, strict=True)]
        if not one_line:
            return [row for _, row in rows]
        asked = [row for line, row in rows if not is_option(line)]
        if self.manner.spare > 1:
            asked = [row for row in asked if unmarked(row) != row] or asked
        joint = "；" if self.language is Language.ZH else "; "
        return [*asked, joint.join(row for line, row in rows if is_option(line))]

    def _name(self) -> str:
        """What a card is headed with: the product, or the heading or column that the facts belong to."""
        most = POSITIONS[self.channel].title[1]
        names = (self.told.product(), self.told.told[0].heading, self.brief.column.name)
        return next((name for name in names if 2 <= len(name) <= most), self.brief.brand.name[:most])

    def _announced(self) -> str:
        """The slot says when, as it does of any post; where a source says otherwise, nothing is said."""
        at = self.brief.starts_at
        if self.language is Language.ZH:
            when = f"｜{at.month} 月 {at.day} 日 {at:%H:%M}"
            return "直播预告" + (when if self.manner.spare < 2 else "")
        return "Live stream" + (
            f", {at.day} {_MONTHS[at.month - 1]}, {at:%H:%M}" if self.manner.spare < 2 else ""
        )

    def _bright(self, text: str) -> str:
        """On some days one of the voice's emoji follows the opening."""
        voice, turn = self.brief.voice, self.stage.turn
        if not voice.emoji or voice.max_emoji < 1 or self.manner.spare or turn % 2:
            return text
        return text + self.gap + voice.emoji[turn // 2 % len(voice.emoji)]


def marks(sources: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in sources)


_SETTERS: Mapping[Channel, Callable[[Setting], str]] = {
    Channel.WECOM_PRIVATE: Setting.wecom_private,
    Channel.COMMUNITY: Setting.community,
    Channel.MOMENTS: Setting.moments,
    Channel.MALL: Setting.mall,
    Channel.VIDEO_CHANNEL: Setting.video_channel,
    Channel.LIVE: Setting.live,
    Channel.SLACK: Setting.slack,
    Channel.TELEGRAM: Setting.telegram,
    Channel.DISCORD: Setting.discord,
    Channel.SMS: Setting.sms,
}
