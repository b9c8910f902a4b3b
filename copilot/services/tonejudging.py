"""Has a model judge the tone of a copy beside the rules: asked at a person's press only, and never the only judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot import models
from copilot.domain.brands import Brand, Language, Voice
from copilot.domain.checks.tone import ToneScore, in_voice
from copilot.domain.checks.tone.judging import Judgement, parse, with_judgements
from copilot.domain.permissions import Actor, Permission
from copilot.errors import Conflict, ExternalError
from copilot.models.database import Database
from copilot.prompts import Prompts
from copilot.services import loading
from copilot.services.briefing import harmless
from copilot.services.modelcare import ModelCare, Purpose

MAX_TOKENS = 160
"""Three lines with their quotes."""

_MOST_CHARACTERS = 1200
"""How much of a copy a model is shown: a small one forgets what it was asked."""


@dataclass(frozen=True)
class HeardTone:
    """How the newest text of a post sounds. `judge` is the model that was asked beside the rules, "" where none was."""

    text: str
    tones: tuple[ToneScore, ...]
    judgements: tuple[Judgement, ...] = ()
    judge: str = ""


class ToneJudging:
    def __init__(self, *, db: Database, care: ModelCare, prompts: Prompts) -> None:
        self._db = db
        self._care = care
        self._prompts = prompts

    @property
    def judges(self) -> bool:
        """Whether there is a model to ask."""
        return self._care.answers

    @property
    def judge_name(self) -> str:
        return self._care.name

    def of_post(self, post: int, *, brand: int, asked: Sequence[Judgement] | None = None) -> HeardTone | None:
        """The scores of the rules, moved by what a model said where it was asked; None where there is no text."""
        text, home, voice = self._read(post, brand)
        if not text:
            return None
        tones = in_voice(text, voice, home.language)
        if asked is None:
            return HeardTone(text, tones)
        # What was said of a text that has changed since points elsewhere.
        held = tuple(one for one in asked if one.end <= len(text))
        return HeardTone(text, with_judgements(tones, held), held, self.judge_name)

    def ask(self, post: int, *, brand: int, actor: Actor) -> tuple[Judgement, ...]:
        """What the model says of the newest text, on the brand's account; Conflict where there is no model or no text."""
        actor.require(Permission.WRITE)
        if not self.judges:
            raise Conflict("error.nothing_to_try")
        text, home, voice = self._read(post, brand)
        if not text:
            raise Conflict("error.no_text")
        return self.judge(text, brand=home, voice=voice)

    def _read(self, post: int, brand: int) -> tuple[str, Brand, Voice]:
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            home, voice = loading.brand_and_voice(session, brand)
            return (row.head.text if row.head is not None else ""), home, voice

    def judge(self, text: str, *, brand: Brand, voice: Voice) -> tuple[Judgement, ...]:
        """What the model says of each trait, as far as it can point at the copy.

        A model that fails, is over the budget or talks of something else has judged nothing: the rules'
        scores stand as they are. The call is written down with its outcome either way.
        """
        if not self._care.answers or not text.strip():
            return ()
        asked = question(text, voice=voice, language=brand.language, prompts=self._prompts)
        try:
            answer = self._care.answer(
                asked.system, asked.prompt, brand=brand.id, purpose=Purpose.VOICE, max_tokens=MAX_TOKENS
            )
        except (ExternalError, Conflict):
            return ()
        return parse(answer, text, brand.language)


@dataclass(frozen=True)
class Question:
    """What an Answerer is asked about a copy; `hashes` name the prompts it was made from."""

    system: str
    prompt: str
    hashes: Mapping[str, str]


def question(text: str, *, voice: Voice, language: Language, prompts: Prompts) -> Question:
    """The copy goes in as data, without the sign-off, which is the same under every post and no tone of this one."""
    shown = text.replace(voice.sign_off, "").strip() if voice.sign_off else text
    system, post = prompts[f"tasks/tone.{language}"], prompts[f"tasks/tonepost.{language}"]
    return Question(
        system.render(),
        post.render(text=harmless(shown or text)[:_MOST_CHARACTERS]),
        {system.name: system.hash, post.name: post.hash},
    )
