"""Posts of one week side by side: none says what another says, whoever writes, and whatever runs out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations

import pytest

from copilot.adapters.llm.composer.frames import book
from copilot.adapters.llm.composer.stage import Stage
from copilot.domain.brands import Language
from copilot.domain.columns import Form
from copilot.domain.drafts import Brief
from copilot.domain.likeness import TOO_ALIKE, jaccard, pieces, repeated, said
from copilot.errors import Permanent
from copilot.services.company import Company
from tests.composing import CALLS, VOICES, brief_of, copy_of

LANGUAGES = pytest.mark.parametrize("language", list(Language))
A_WEEK = [(day, form) for day in range(7) for form in (Form.CHECK_IN, Form.TOPIC, Form.QUIZ)]
LONG = "云脚书架的脚是圆头的，小朋友跑过去不容易磕疼。"


@dataclass(frozen=True)
class Written:
    text: str


def composed(company: Company, brief: Brief) -> str:
    return company.compose([brief], lambda known: Written(copy_of(known))).text


def closing(language: Language) -> tuple[str, str]:
    return CALLS[language], VOICES[language].sign_off


def saying(*texts: str) -> Callable[[Brief], Written]:
    """A writer with these texts, one a turn; the last one from then on."""
    left: Iterator[str] = iter(texts)
    return lambda _: Written(next(left, texts[-1]))


@LANGUAGES
def test_a_week_of_a_voice_with_one_greeting_says_no_sentence_twice(language: Language) -> None:
    voice = replace(VOICES[language], greetings=VOICES[language].greetings[:1])
    company = Company()
    texts = [composed(company, brief_of(form, language, day, voice=voice)) for day, form in A_WEEK]
    for one, other in combinations(texts, 2):
        assert repeated(one, [other], language, allowed=closing(language)) == []
        assert jaccard(pieces(one), pieces(other)) < TOO_ALIKE


@LANGUAGES
def test_once_every_greeting_was_said_a_post_opens_with_its_matter(language: Language) -> None:
    brief = brief_of(Form.CHECK_IN, language)
    frames = book(language)
    stage = Stage(brief, frames, form=Form.CHECK_IN, turn=0, subject="")
    greetings = (*VOICES[language].greetings, *(stage.say(one.text) for one in stage.frames.openings))
    text = composed(Company(greetings), brief)
    assert repeated(text, greetings, language) == []
    assert text.split("\n")[0]
    assert len(said(text, language, allowed=closing(language))) > 1


def test_a_text_that_repeats_a_sentence_is_written_again_from_another_turn() -> None:
    company = Company([f"{LONG}早上好。"])
    brief = brief_of(Form.TOPIC, Language.ZH, seed=7)
    seeds: list[int] = []

    def write(known: Brief) -> Written:
        seeds.append(known.seed)
        return Written("早上好。今天晒书。" if len(seeds) < 3 else "今天晒书。")

    assert company.compose([brief], write).text == "今天晒书。"
    assert seeds == [7, 8, 9]


def test_what_the_nearest_passages_cannot_say_anew_is_looked_for_in_all_of_them() -> None:
    company = Company([LONG])
    near, all_of_them = (
        brief_of(Form.TOPIC, Language.ZH),
        brief_of(Form.TOPIC, Language.ZH, instruction="all"),
    )

    def write(known: Brief) -> Written:
        return Written("书架靠墙。" if known.instruction else LONG)

    assert company.compose([near, all_of_them], write).text == "书架靠墙。"
    # Where nothing helps, the text that says least again stands.
    nearest = company.compose([near], saying(f"{LONG}书架靠墙。", LONG))
    assert nearest.text == LONG


def test_a_brief_of_which_nothing_can_be_made_leaves_it_to_the_next_and_the_last_one_says_why() -> None:
    near, all_of_them = (
        brief_of(Form.TOPIC, Language.ZH),
        brief_of(Form.TOPIC, Language.ZH, instruction="all"),
    )

    def write(known: Brief) -> Written:
        if not known.instruction:
            raise Permanent("composer", "no_passages", column="topic", found=1)
        return Written(LONG)

    assert Company().compose([near, all_of_them], write).text == LONG
    with pytest.raises(Permanent):
        Company().compose([near], write)


def test_two_that_are_written_at_once_know_of_each_other() -> None:
    company, meeting = Company(), threading.Barrier(2)
    lines = ("云脚书架推一推。", "半亩花盆泡一泡。")

    def write(known: Brief) -> Written:
        free = next(line for line in lines if line not in known.beside)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(0.2)
        return Written(free)

    brief = brief_of(Form.TOPIC, Language.ZH)
    with ThreadPoolExecutor(2) as pool:
        written = list(pool.map(lambda _: company.compose([brief], write).text, range(2)))
    assert sorted(written) == sorted(lines)


OTHER = "窗台上的薄荷又长高了一截，剪两片泡水，整间屋子都清爽起来。"


def test_a_server_that_answers_everything_alike_is_not_asked_again() -> None:
    company = Company([LONG])
    assert company.is_too_alike(f"{LONG}真的。")
    assert not company.is_too_alike(LONG) and not company.is_apart(LONG)
    # What each is asked to do at its end makes no difference.
    company.join(f"{OTHER}\n私聊掌柜。", but=("私聊掌柜。",))
    assert not company.is_too_alike(f"{OTHER}\n来群里说。", but=("来群里说。",))
    assert company.is_too_alike(f"{OTHER}真的。\n来群里说。", but=("来群里说。",))
