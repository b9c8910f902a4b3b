"""Sets retold facts in the long positions, an article and a letter, which may tell more of the same passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from copilot.adapters.llm.composer.positioning import Setting, marks
from copilot.adapters.llm.composer.retelling import Told
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.positions import DIGEST, DIGEST_AT_MOST, POSITIONS

_MORE = {Channel.OFFICIAL_ACCOUNT: 4, Channel.EMAIL: 2}  # sentences that the original does not have
_HEADING = {Language.ZH: 6, Language.EN: 10}  # A shorter heading is no title by itself.


class Page(Setting):
    """An attempt at an article or a letter."""

    def text(self) -> str:
        return self._article() if self.channel is Channel.OFFICIAL_ACCOUNT else self._letter()

    def _article(self) -> str:
        title, headed = self._title()
        blocks = [f"{title}\n{DIGEST[self.language]}{self._digest()}", self.phrases.say("leads")]
        for heading, paragraphs in self._sections(headed):
            blocks += [heading, *paragraphs]
        blocks += [self.phrases.say("lasts"), self.lines([self.call(), self.signed()])]
        return "\n\n".join(filter(None, blocks))

    def _letter(self) -> str:
        subject, _ = self._title(turn=1)
        body = [self.opened(scene=not self.manner.spare), *self.paragraphs()]
        more = self.run(self.fact(fact) for fact in self._more())
        return "\n\n".join(filter(None, [subject, *body, more, self.call(), self.signed()]))

    def _title(self, turn: int = 0) -> tuple[str, bool]:
        """The material's own heading with the product, or an authored title, by turn; and whether it is the former."""
        most = POSITIONS[self.channel].title[1]
        heading, product = self.told.told[0].heading, self.told.product()
        title = ""
        if heading and product and product not in heading:
            colon = "：" if self.language is Language.ZH else ": "
            title = product + colon + self._continued(heading)
        elif len(heading) >= _HEADING[self.language]:
            title = heading
        fits = title and len(title) <= most and self.stage.fits(title)
        if fits and (self.stage.turn + self.manner.step + turn) % 2 == 0:
            return title, True
        return self.phrases.say("titles", Channel.OFFICIAL_ACCOUNT, most=most, turn=turn), False

    def _continued(self, heading: str) -> str:
        """An English heading after a colon: with a small letter, unless it begins with a name."""
        first = heading.split()[0]
        names = " ".join((self.brief.brand.name, *self.brief.brand.products)).split()
        if self.language is Language.ZH or first in names or (len(first) > 1 and first.isupper()):
            return heading
        return heading[:1].lower() + heading[1:]

    def _digest(self) -> str:
        """Why to read on: the first fact, where it can be said in one sentence with a few words before it."""
        fact = self.told.told[0]
        words = "" if fact.lines or fact.quoted else fact.whole
        said = self.phrases.say("digests", fact=words, most=DIGEST_AT_MOST)
        return said + marks(fact.sources) if words and words in said else said

    def _sections(self, headed: bool) -> list[tuple[str, list[str]]]:
        """The article's sections: by the headings of the material where there are several, else by what is stated.

        A heading that is the title already gives way to an authored one.
        """
        facts, more = list(self.told.told), self._more()
        groups = [(heading, list(group)) for heading, group in groupby(facts, key=lambda fact: fact.heading)]
        headings = [heading for heading, _ in groups]
        if len(groups) == 1 or not all(headings) or len(set(headings)) < len(groups):
            half = len(facts) if more else (len(facts) + 1) // 2
            groups = [(facts[0].heading, facts[:half]), ("", facts[half:])]
        sections: list[tuple[str, list[str]]] = []
        for at, (heading, told) in enumerate(group for group in [*groups, ("", more)] if group[1]):
            own = heading if at or not headed else ""
            said = own or self.phrases.say("mores" if at else "firsts", turn=at)
            sections.append((said, self._in_pairs(told)))
        return sections

    def _in_pairs(self, facts: Sequence[Told]) -> list[str]:
        """Two facts to a paragraph; a question or a quotation has its own."""
        parts: list[list[str]] = []
        full = True
        for fact in facts:
            apart = bool(fact.lines) or fact.quoted
            if full or apart:
                parts.append([self.fact(fact)])
            else:
                parts[-1].append(self.fact(fact, after=True))
            full = apart or len(parts[-1]) > 1
        return [self.run(part) for part in parts]

    def _more(self) -> list[Told]:
        """More of the same passages; further words of a member are introduced as such, or left out."""
        more = [] if self.manner.spare else self.told.more(_MORE[self.channel])
        if not any(fact.attribution for fact in more):
            return more
        words = more[0]
        said = self.phrases.say("saids", Channel.OFFICIAL_ACCOUNT, fact=words.text, said=words.attribution)
        return [replace(words, text=said, whole=said)] if said else []
