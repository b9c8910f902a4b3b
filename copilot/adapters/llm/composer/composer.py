"""The offline composer: a Writer that needs no model, only a brand's materials and good manners."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from copilot.adapters.llm.composer import asking, forms, planning, welcoming
from copilot.adapters.llm.composer import facts as finding
from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.forms import Paragraph, Shape
from copilot.adapters.llm.composer.frames import Book, book
from copilot.adapters.llm.composer.judging import Judge
from copilot.adapters.llm.composer.stage import Stage
from copilot.domain.brands import Language
from copilot.domain.channels import LIMITS
from copilot.domain.columns import Form
from copilot.domain.drafts import Assignment, Brief, Delta, Finished, WriterEvent
from copilot.domain.sentences import EMOJI
from copilot.errors import Permanent

_MARKER = re.compile(r"\[\d+\]")
_EMOJI = re.compile(f"[{EMOJI}]\ufe0f?")
_TOKEN = re.compile(r"\[\d+\]|[A-Za-z0-9£$€¥%'’,.:-]+\s*|\s+|.", re.DOTALL)
_PLANS_TRIED = 8
_ATTEMPTS = 60  # A draft must come in well under a second.
_GOOD_ENOUGH = 0.5  # Less than a character too long, or a shade too like an earlier post.


class Composer:
    """Fulfils `copilot.ports.Writer`. Only `assignment.brief` is read; the same brief gives the same copy."""

    name = "composer"
    is_model = False

    def warm(self) -> None:
        """Reads the frames of every language."""
        for language in Language:
            book(language)

    def write(self, assignment: Assignment) -> Iterator[WriterEvent]:
        text = compose(assignment.brief)
        few = 4 if assignment.brief.brand.language is Language.ZH else 3
        tokens = _TOKEN.findall(text)
        for at in range(0, len(tokens), few):
            yield Delta("".join(tokens[at : at + few]))
        yield Finished("stop")


def compose(brief: Brief) -> str:
    """The copy with its `[n]` markers; Permanent `no_passages` when fewer than two facts can be told."""
    frames = book(brief.brand.language)
    found = planning.asked_for(finding.facts(brief, frames.words), brief)
    judge = Judge(brief, frames.words)
    desk = _Desk(brief, frames)
    least, best = float("inf"), ""
    for paragraphs in islice(desk.attempts(found), _ATTEMPTS) if len(found) > 1 else ():
        text, copied = desk.typeset(paragraphs)
        fault = judge.fault(_MARKER.sub("", text), copied, least)
        if fault < least:
            least, best = fault, text
        if fault < _GOOD_ENOUGH:
            break
    if not best:
        raise Permanent("composer", "no_passages", column=brief.column.name, found=len(found))
    return best


class _Desk:
    """Tries one way after another to write a brief's post, and sets it in lines."""

    def __init__(self, brief: Brief, frames: Book) -> None:
        self.brief = brief
        self.frames = frames
        self.language = brief.brand.language
        self.turn = planning.position(brief)

    def attempts(self, found: Sequence[Fact]) -> Iterator[list[Paragraph]]:
        """Posts in the order in which they are wanted."""
        form = self.brief.column.form
        welcome = welcoming.plan(found, self.brief, self.frames.words, self.turn)
        if form is Form.WELCOME and welcome.welfare and (welcome.service or welcome.rules):
            yield from self._welcomes(welcome)
            return
        if form in (Form.QUIZ, Form.POLL):
            yield from self._asking(found)
            found = asking.askable(found) if len(asking.askable(found)) > 1 else found
        fresh = planning.fresh(found, self.brief, self._plan)
        plans = self._turned(fresh)
        plans += [plan for plan in self._turned(self._plan(found, True)) if plan not in fresh]
        for step in range(forms.STEPS):
            for plan in plans[:_PLANS_TRIED]:
                for shape in forms.shapes(step, plan, turn=self.turn, form=form):
                    stage = self._stage(form, plan.subject, plan.facts[0].about)
                    if form in (Form.QUIZ, Form.POLL):
                        ask = "judge" if form is Form.QUIZ else "habit"
                        paragraphs = asking.judged(stage, plan, shape, ask)
                    else:
                        paragraphs = forms.plain(stage, plan, shape)
                    if paragraphs is not None:
                        yield paragraphs

    def _turned(self, plans: list[planning.Plan]) -> list[planning.Plan]:
        at = self.turn % len(plans) if plans else 0
        return [*plans[at:], *plans[:at]]

    def _plan(self, facts: Sequence[Fact], mixed: bool) -> list[planning.Plan]:
        return planning.plans(facts, self.brief, self.frames.words, mixed)

    def _stage(self, form: Form, subject: str = "", about: str = "") -> Stage:
        return Stage(self.brief, self.frames, form=form, turn=self.turn, subject=subject, about=about)

    def _welcomes(self, plan: welcoming.WelcomePlan) -> Iterator[list[Paragraph]]:
        for facts, closing in ((4, True), (4, False), (3, True), (3, False), (2, True), (5, True)):
            for step in range(2):
                turned = Shape(facts, closing=closing, step=step)
                paragraphs = forms.welcome(self._stage(Form.WELCOME), plan, turned)
                if paragraphs is not None:
                    yield paragraphs

    def _asking(self, found: Sequence[Fact]) -> Iterator[list[Paragraph]]:
        """A quiz, or on every other day a poll, where the call to action does not speak of an answer."""
        form = self.brief.column.form
        call = self.brief.column.call_to_action.lower()
        answered = any(word in call for word in self.frames.words.answers)
        if form is Form.QUIZ and not answered and self.turn % 2:
            form = Form.POLL
        found = planning.suited(asking.askable(found), self.brief, self.frames.words)
        untold = planning.untold(found, self.brief.recent)
        for facts in (untold, found):
            for step in range(asking.STEPS):
                for scene, closing in ((False, True), (True, False), (False, False), (True, True)):
                    shape = Shape(scene=scene, closing=closing, step=step)
                    stage = self._stage(form)
                    paragraphs = (asking.poll if form is Form.POLL else asking.quiz)(stage, facts, shape)
                    if paragraphs is not None:
                        yield paragraphs

    def typeset(self, paragraphs: Sequence[Paragraph]) -> tuple[str, dict[int, int]]:
        """The text with markers, and how many characters it copies from each source."""
        pieces = _decorated([paragraph for paragraph in paragraphs if paragraph], self.brief, self.turn)
        copied: dict[int, int] = {}
        for piece in (piece for paragraph in pieces for piece in paragraph if piece.source):
            copied[piece.source] = copied.get(piece.source, 0) + piece.copied
        return self._joined(pieces), copied

    def _joined(self, paragraphs: Sequence[Paragraph]) -> str:
        limits = LIMITS[self.brief.channel]
        chinese = self.language is Language.ZH
        gap = "" if chinese else " "
        lines = [gap.join(piece.marked for piece in paragraph) for paragraph in paragraphs]
        options = [self._is_option(line) for line in lines]
        text = lines[0]
        for at in range(1, len(lines)):
            if options[at] and options[at - 1] and limits.max_lines is not None:
                text += ("；" if chinese else "; ") + lines[at]
            elif chinese or limits.max_lines is not None or options[at]:
                text += "\n" + lines[at]
            else:
                text += "\n\n" + lines[at]
        return text

    def _is_option(self, line: str) -> bool:
        return line.startswith(self.frames.words.letters)


def _decorated(paragraphs: list[Paragraph], brief: Brief, turn: int) -> list[Paragraph]:
    """The paragraphs with the voice's emoji: some days after the greeting, some at the end, some nowhere."""
    voice = brief.voice
    written = sum(len(_EMOJI.findall(piece.text)) for paragraph in paragraphs for piece in paragraph)
    if min(voice.max_emoji - written, len(voice.emoji)) < 1 or turn % 3 == 2:
        return paragraphs
    call = brief.column.call_to_action
    closings = [at for at, told in enumerate(paragraphs) if len(told) > 1 and told[-1].text == call]
    at, piece = (closings[0], -2) if turn % 3 == 1 and closings else (0, len(paragraphs[0]) - 1)
    gap = "" if brief.brand.language is Language.ZH else " "
    told = list(paragraphs[at])
    told[piece] = replace(
        told[piece], text=told[piece].text + gap + voice.emoji[turn // 3 % len(voice.emoji)]
    )
    return [*paragraphs[:at], tuple(told), *paragraphs[at + 1 :]]
