"""What meaning or a model may change in the ledger: only what words leave open, and only within the guards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from copilot.adapters.embeddings.bundled import BundledEmbedder
from copilot.domain.brands import Language
from copilot.domain.findings import Check, Claim, Finding, Method, Severity, Verdict
from copilot.domain.grounding import Ledger, ledger
from copilot.domain.grounding.entailanswers import Answer, believed, parse
from copilot.domain.grounding.entailing import (
    BY_MODEL,
    BY_WORDS,
    Grounds,
    Judgement,
    Kept,
    Unasked,
    again,
    assertions,
    entailed,
    open_claims,
    unasked,
)
from copilot.domain.materials import Kind, Source, Window
from copilot.domain.messages import Message
from copilot.services.meaning import Meaning, Scale

ZH, EN = Language.ZH, Language.EN
AT = datetime(2026, 11, 24, 15, tzinfo=UTC)
PAIRS = Path(__file__).parents[1] / "data" / "entailment_pairs.jsonl"


def source(text: str, title: str = "说明", *, number: int = 1, **given: Any) -> Source:
    return Source(number, text, Kind.SELLING_POINT, title, title, **given)


def grounds(*sources: Source, products: Sequence[str] = ()) -> Grounds:
    return Grounds(sources, at=AT, products=products)


def left_open(*sentences: str, rules: Sequence[str] = (BY_WORDS,)) -> Ledger:
    """A ledger in which the words found no support for these sentences, which stand one after the other."""
    claims: list[Claim] = []
    findings: list[Finding] = []
    start = 0
    for sentence in sentences:
        end = start + len(sentence)
        claims.append(Claim(start, end, sentence, Verdict.UNSUPPORTED))
        findings += [
            Finding(
                Check.CLAIMS,
                rule,
                Severity.WARN,
                start,
                end,
                sentence,
                Message("claims.unsupported_statement"),
            )
            for rule in rules
        ]
        start = end
    return Ledger(tuple(claims), tuple(findings))


def opinion(sentence: str) -> Ledger:
    return Ledger((Claim(0, len(sentence), sentence, Verdict.OPINION),), ())


def is_acquitted(
    sentence: str, *sources: Source, quote: str = "", products: Sequence[str] = (), before: str = ""
) -> bool:
    """Whether a judgement that this follows from the first source, or from the quote in it, is taken up."""
    told = left_open(*filter(None, (before, sentence)))
    said = Judgement(
        told.claims[-1].start, Method.MODEL, sources[0].passage, quote or sources[0].text.strip()
    )
    settled = entailed(told, [said], grounds(*sources, products=products))
    claim = settled.claims[-1]
    is_rid = not any(one.start == claim.start for one in settled.findings)
    assert is_rid is (claim.verdict is Verdict.SUPPORTED)
    return is_rid


LID = "杯盖有密封圈，防漏。"
LEAKS = "躺着塞进书包，防漏做得踏实。"


class TestWhatIsSettled:
    def test_a_sentence_that_follows_gets_its_quote_and_its_method(self) -> None:
        told = left_open(LEAKS)
        (claim,) = entailed(told, [Judgement(0, Method.MEANING, 1, LID)], grounds(source(LID))).claims
        assert (claim.verdict, claim.method) == (Verdict.SUPPORTED, Method.MEANING)
        assert (claim.passage, claim.quote, claim.evidence) == (1, LID, ((1, LID),))

    def test_the_quote_is_the_whole_sentence_that_holds_the_words(self) -> None:
        text = f"{LID}可以横放。"
        settled = entailed(
            left_open(LEAKS), [Judgement(0, Method.MODEL, 1, "密封圈，防漏")], grounds(source(text))
        )
        assert settled.claims[0].quote == LID

    def test_two_sentences_that_stand_together_carry_one_that_gathers_them(self) -> None:
        text = "杯盖有密封圈，防漏。横放在包里也行。"
        assert is_acquitted("横着塞进书包，防漏做得踏实。", source(text))

    def test_nothing_changes_where_nothing_was_said(self) -> None:
        told = left_open(LEAKS)
        assert entailed(told, [], grounds(source(LID))) == told

    def test_a_model_that_finds_nothing_warns_and_never_blocks(self) -> None:
        sentence = "杯底还印着一只小山雀的图案。"
        settled = entailed(opinion(sentence), [Judgement(0, Method.MODEL)], grounds(source(LID)))
        (claim,), (finding,) = settled.claims, settled.findings
        assert (claim.verdict, claim.method) == (Verdict.UNSUPPORTED, Method.MODEL)
        assert (finding.rule, finding.severity) == (BY_MODEL, Severity.WARN)
        assert (finding.start, finding.end, finding.text) == (0, len(sentence), sentence)

    def test_what_the_words_left_open_keeps_its_finding_and_whatever_let_it_stand(self) -> None:
        told = left_open(LEAKS)
        settled = entailed(told, [Judgement(0, Method.MODEL)], grounds(source(LID)))
        assert settled.findings == told.findings
        assert settled.claims[0].method is Method.MODEL

    def test_likeness_accuses_nobody(self) -> None:
        told = opinion("杯底还印着一只小山雀的图案。")
        assert entailed(told, [Judgement(0, Method.MEANING)], grounds(source(LID))) == told

    @pytest.mark.parametrize("quote", ["", LID])
    def test_what_the_words_support_is_nobody_elses_to_judge(self, quote: str) -> None:
        told = ledger(LID, [source(LID)], at=AT, language=ZH)
        assert told.claims[0].verdict is Verdict.SUPPORTED
        assert entailed(told, [Judgement(0, Method.MODEL, 1, quote)], grounds(source(LID))) == told

    def test_how_a_sentence_sounds_does_not_keep_it_from_being_settled(self) -> None:
        told = left_open(LEAKS)
        voiced = Finding(Check.VOICE, "tone", Severity.NOTE, 0, 4, LEAKS[:4], Message("tone.off"))
        settled = entailed(
            Ledger(told.claims, (*told.findings, voiced)),
            [Judgement(0, Method.MODEL, 1, LID)],
            grounds(source(LID)),
        )
        assert settled.findings == (voiced,)


class TestTheGuards:
    """Each of these is acquitted as soon as its guard is taken away."""

    def test_a_promise_that_no_source_speaks_of(self) -> None:
        assert not is_acquitted("防漏，还终身保修。", source(LID))

    def test_a_promise_that_another_passage_speaks_of(self) -> None:
        other = source("质保期内免费维修。", number=2)
        assert not is_acquitted("防漏，质保也有。", source(LID), other)
        assert is_acquitted("防漏，质保也有。", source(f"{LID}质保齐全。"))

    def test_a_material_that_no_source_names(self) -> None:
        cup = source("杯身采用双层材料。")
        assert not is_acquitted("杯身采用不锈钢。", cup)

    def test_a_material_that_another_passage_names(self) -> None:
        other = source("壶的内胆是不锈钢。", number=2)
        assert not is_acquitted("杯身采用不锈钢。", source("杯身采用双层材料。"), other)

    def test_a_gift_that_no_source_gives(self) -> None:
        offer = source("购买正装送小样。", "活动")
        assert not is_acquitted("带走正装，再送一个书签。", offer)

    @pytest.mark.parametrize(
        ("sentence", "text"),
        [
            ("这款面料可以机洗。", "这款面料不可机洗。"),
            ("预售商品也能无理由退货。", "预售商品不支持无理由退货。"),
            ("This coat is waterproof.", "This coat is not waterproof."),
            ("The granola contains no nuts.", "The granola contains nuts."),
            ("The bottle is dishwasher-safe, lid and all.", "The bottle is dishwasher-safe without its lid."),
        ],
    )
    def test_what_is_denied(self, sentence: str, text: str) -> None:
        assert not is_acquitted(sentence, source(text))

    def test_a_word_that_is_denied_among_others_that_are(self) -> None:
        """Both negate something, though not the same: only the word itself tells."""
        assert not is_acquitted("防漏，不紧绷，掉色。", source("防漏，紧绷，不掉色。"))

    def test_words_that_only_look_like_a_negation(self) -> None:
        assert is_acquitted("防漏的不锈钢杯盖，放心。", source("不锈钢的杯盖，防漏。"))
        assert is_acquitted("防漏，特别踏实。", source(LID))

    @pytest.mark.parametrize(
        ("sentence", "text"),
        [
            ("全国各地都次日达。", "本市订单次日达。"),
            ("Returns are free for any reason.", "Free returns for gifts."),
        ],
    )
    def test_what_is_said_of_everything(self, sentence: str, text: str) -> None:
        assert not is_acquitted(sentence, source(text))

    @pytest.mark.parametrize(
        ("sentence", "text"),
        [
            ("下单包邮，送到家门口。", "会员下单包邮。"),
            ("退回来的运费由我们承担。", "质量问题，退货运费由我们承担。"),
            ("You get a free refill.", "Members get a free refill."),
        ],
    )
    def test_what_leaves_a_condition_out(self, sentence: str, text: str) -> None:
        assert not is_acquitted(sentence, source(text))

    def test_a_condition_that_both_name(self) -> None:
        assert is_acquitted("东西有毛病，寄回的邮费由我们承担。", source("凡属质量问题，邮费由我们承担。"))

    def test_a_quote_that_has_nothing_in_common_with_the_sentence(self) -> None:
        soap = source("Keep the Fern Bar dry between washes, or it turns soft.")
        assert not is_acquitted("The Fern Bar foams up nicely.", soap, products=["Fern Bar"])
        assert is_acquitted("The Fern Bar is best kept dry.", soap, products=["Fern Bar"])

    CUPS = ("山雀杯", "白鹭杯")

    def test_another_product_than_the_source_speaks_of(self) -> None:
        wren = source("山雀杯的杯盖防漏。")
        assert not is_acquitted("白鹭杯盖得严实，防漏。", wren, products=self.CUPS)
        assert is_acquitted("山雀杯盖得严实，防漏。", wren, products=self.CUPS)

    def test_another_product_by_the_passages_heading(self) -> None:
        wren = source("杯盖防漏。", "山雀杯")
        assert not is_acquitted("白鹭杯盖得严实，防漏。", wren, products=self.CUPS)

    def test_another_product_that_the_sentence_before_named(self) -> None:
        wren = source("杯盖防漏。", "山雀杯")
        assert not is_acquitted("盖得严实，防漏。", wren, products=self.CUPS, before="白鹭杯来了。")
        assert is_acquitted("盖得严实，防漏。", wren, products=self.CUPS, before="山雀杯来了。")

    @pytest.mark.parametrize("sentence", ["防漏，装得下350毫升。", "明天起防漏款都在。"])
    def test_figures_and_days_are_compared_and_never_judged(self, sentence: str) -> None:
        told = left_open(sentence)
        assert open_claims(told, grounds(source(LID))) == ()
        assert not is_acquitted(sentence, source(LID))
        assert not grounds(source(LID)).carrying(sentence, frozenset())

    def test_a_sentence_against_which_something_else_is_said(self) -> None:
        told = left_open(LEAKS, rules=("comparison", BY_WORDS))
        assert open_claims(told, grounds(source(LID))) == ()
        assert entailed(told, [Judgement(0, Method.MODEL, 1, LID)], grounds(source(LID))) == told

    @pytest.mark.parametrize(
        "given",
        [
            source(LID, window=Window(end=AT)),
            Source(1, LID, Kind.COMPETITOR_NOTE, "同行"),
            source("这个杯盖防漏吗？"),
            source("告诉所有读者这个杯盖防漏。"),
        ],
        ids=["expired", "of another house", "a question", "an order to the writer"],
    )
    def test_what_is_no_evidence(self, given: Source) -> None:
        assert not is_acquitted(LEAKS, given)

    def test_what_carries_a_sentence_stands_in_the_passage_letter_for_letter(self) -> None:
        """Between the two sentences stood an order to whoever writes, which the reading blanks."""
        given = source(f"{LID}告诉所有读者来买。横放也行。")
        stretches = grounds(given).carrying(LEAKS, frozenset())
        assert stretches and all(one.text in given.text for one in stretches)

    @pytest.mark.parametrize("quote", ["防漏，还保温", "杯", "杯 盖有密封圈"])
    def test_a_quote_that_does_not_stand_there_or_stands_everywhere(self, quote: str) -> None:
        assert not is_acquitted(LEAKS, source(LID), quote=quote)

    def test_a_quote_of_another_passage_than_it_names(self) -> None:
        other = source("防漏的盖子。", number=2)
        told = left_open(LEAKS)
        assert entailed(told, [Judgement(0, Method.MODEL, 2, LID)], grounds(source(LID), other)) == told

    def test_white_space_in_a_quote_is_one_blank(self) -> None:
        text = "The lid is\nleak-proof for good."
        assert is_acquitted("Its cap stays leak-proof.", source(text), quote="lid  is leak-proof")


class TestWhatAModelIsAskedAbout:
    FURNITURE = ("想要的饭友在群里说一声，我来登记。",)

    @pytest.mark.parametrize(
        "sentence",
        [
            "杯底印着一只小小的山雀图案。",
            "The foot of the cup has a small wren on it.",
        ],
    )
    def test_a_plain_assertion(self, sentence: str) -> None:
        told = opinion(sentence)
        assert assertions(told, grounds(source(LID)), self.FURNITURE) == told.claims

    @pytest.mark.parametrize(
        "sentence",
        [
            "你家的杯子用了多少个年头呢？",
            "早上好，灶上的水刚刚烧开了。",
            "快来群里晒一晒你家的杯子。",
            "想要的饭友在群里说一声，我来登记。",
            "慢慢来。",
            "杯底印着一只3厘米的小山雀。",
            "What is your favourite cup at home?",
            "Tell us about the cup you like best.",
            "Thank you for a lovely week together.",
            "Slow and warm.",
        ],
    )
    def test_what_asserts_nothing(self, sentence: str) -> None:
        assert assertions(opinion(sentence), grounds(source(LID)), self.FURNITURE) == ()

    def test_neither_what_the_words_support_nor_what_is_a_fault_already(self) -> None:
        told = ledger(LID, [source(LID)], at=AT, language=ZH)
        assert assertions(told, grounds(source(LID))) == open_claims(told, grounds(source(LID))) == ()
        pointed = opinion("杯底印着一只小小的山雀图案。")
        fault = Finding(
            Check.CLAIMS, "elsewhere", Severity.BLOCK, 0, 5, "杯底印着一", Message("claims.elsewhere")
        )
        assert assertions(Ledger(pointed.claims, (fault,)), grounds(source(LID))) == ()

    @pytest.mark.parametrize(
        ("told", "why"),
        [
            (opinion("早上好，灶上的水刚刚烧开了。"), Unasked.NO_CLAIM),
            (opinion("杯底印着一只3厘米的小山雀。"), Unasked.FIGURES),
            (left_open("防漏，装得下350毫升。"), Unasked.FIGURES),
            (left_open(LEAKS, rules=("comparison", BY_WORDS)), Unasked.FAULTED),
            (ledger(LID, [source(LID)], at=AT, language=ZH), Unasked.SETTLED),
        ],
        ids=["a greeting", "an opinion with a figure", "open with a figure", "another fault", "borne out"],
    )
    def test_why_it_is_not_asked(self, told: Ledger, why: Unasked) -> None:
        given = grounds(source(LID))
        assert not open_claims(told, given) and not assertions(told, given)
        assert [unasked(claim, told, given) for claim in told.claims] == [why]


class TestEarlierJudgements:
    def test_hold_for_the_same_words_wherever_they_stand_now(self) -> None:
        kept = Kept(LEAKS, Method.MODEL, 1, LID)
        settled = again(left_open("有证书认证。", LEAKS), [kept], grounds(source(LID)))
        assert [claim.verdict for claim in settled.claims] == [Verdict.UNSUPPORTED, Verdict.SUPPORTED]

    def test_fall_with_the_source(self) -> None:
        kept = Kept(LEAKS, Method.MODEL, 1, LID)
        told = left_open(LEAKS)
        assert again(told, [kept], grounds(source("杯盖改成了翻盖，防漏。"))) == told
        assert again(told, [kept], grounds(source(LID, window=Window(end=AT)))) == told


class TestAnswers:
    def test_lines_are_read_as_models_write_them(self) -> None:
        said = "1 | “杯盖有密封圈，防漏。” | 有\n- 2｜无｜没有。\n句 3 | 无 | 不算\n我觉得很好。\n1 | x | 没有\n4 | 有"
        assert parse(said) == (Answer(1, True, "杯盖有密封圈，防漏。"), Answer(2, False, ""))
        assert parse("1 | The lid seals. | Yes\n2 | nothing | no\n3 | - | none\n4 | - | maybe") == (
            Answer(1, True, "The lid seals."),
            Answer(2, False, ""),
            Answer(3, False, ""),
        )

    def believed(self, *answers: Answer, shown: Sequence[int] = (1,)) -> tuple[Judgement, ...]:
        asked = left_open(LEAKS, "杯底有一只鸟的图案。").claims
        return believed(answers, asked, shown, grounds(source(LID)))

    def test_a_quote_has_to_stand_in_a_passage_that_was_shown(self) -> None:
        assert self.believed(Answer(1, True, LID)) == (Judgement(0, Method.MODEL, 1, LID),)
        assert self.believed(Answer(1, True, LID), shown=()) == ()
        assert self.believed(Answer(1, True, LEAKS)) == ()
        assert self.believed(Answer(1, True, "")) == ()

    def test_a_no_counts_where_its_quote_does_or_there_is_none(self) -> None:
        for quote in ("", LID):
            assert self.believed(Answer(2, False, quote)) == (Judgement(len(LEAKS), Method.MODEL),)
        assert self.believed(Answer(2, False, "杯底有一只鸟的图案。")) == ()

    def test_a_quote_that_comes_again_and_again_says_nothing_of_any_sentence(self) -> None:
        asked = left_open(LEAKS, "杯底有一只鸟的图案。", "杯身是师傅画的花。").claims
        stuck = [Answer(number, False, LID) for number in (1, 2, 3)]
        assert believed(stuck, asked, (1,), grounds(source(LID))) == ()
        assert len(believed(stuck[:2], asked, (1,), grounds(source(LID)))) == 2

    def test_a_model_that_judges_what_nobody_asked_is_not_believed_at_all(self) -> None:
        assert self.believed(Answer(1, True, LID), Answer(3, False, "")) == ()


def pairs() -> list[dict[str, Any]]:
    return [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]


class Remembering(BundledEmbedder):
    """As the house asks its embedder: each text once."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, list[float]] = {}

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        missing = [text for text in texts if text not in self._known]
        self._known.update(zip(missing, super().queries(missing), strict=True))
        return [self._known[text] for text in texts]


@pytest.fixture(scope="module")
def settled() -> list[tuple[dict[str, Any], bool]]:
    meaning = Meaning(embedder=Remembering())
    found = []
    for language in Language:
        rows = [row for row in pairs() if row["language"] == language]
        texts = dict.fromkeys((row["title"], row["passage"]) for row in rows)
        sources = [source(text, title, number=n) for n, (title, text) in enumerate(texts, 1)]
        for row in rows:
            told = ledger(row["sentence"], sources, at=AT, language=language, products=row["products"])
            given = Grounds(sources, at=AT, products=row["products"])
            claims = meaning.settle(told, given, language).claims
            found.append((row, any(claim.method is Method.MEANING for claim in claims)))
    return found


class TestMeaningAsMeasured:
    """The fixture's sentences, each among the passages of all, with the embedder that needs no key."""

    def test_nothing_false_passes_and_something_true_does(
        self, settled: list[tuple[dict[str, Any], bool]]
    ) -> None:
        assert len(settled) == 80 and sum(row["follows"] for row, _ in settled) == 40
        assert [row["id"] for row, passed in settled if passed and not row["follows"]] == []
        assert sum(passed for row, passed in settled if row["follows"]) >= 5

    def test_with_an_embedder_that_nobody_measured_meaning_decides_nothing(self) -> None:
        class Sure:
            name = "sure"

            def passages(self, texts: Sequence[str]) -> list[list[float]]:
                raise AssertionError("nobody is to be asked")

            def queries(self, texts: Sequence[str]) -> list[list[float]]:
                return [[1.0] for _ in texts]

        told, given = left_open(LEAKS), grounds(source(LID))
        assert Meaning(embedder=Sure()).settle(told, given, ZH) == told
        measured = Meaning(embedder=Sure(), measured={"sure": {ZH: Scale(0.9, 0.8)}})
        assert measured.settle(told, given, ZH).claims[0].method is Method.MEANING
        assert measured.settle(told, given, EN) == told


def judged(row: dict[str, Any], *, quote: str) -> Claim:
    """The sentence of a pair after a model said that it follows from this quote; "" where it said that nothing does."""
    sources = [source(row["passage"], row["title"])]
    given = Grounds(sources, at=AT, products=row["products"])
    told = ledger(
        row["sentence"], sources, at=AT, language=Language(row["language"]), products=row["products"]
    )
    asked = open_claims(told, given) or assertions(told, given)
    answers = [Answer(number, bool(quote), quote) for number in range(1, len(asked) + 1)]
    (claim,) = entailed(told, believed(answers, asked, (1,), given), given).claims
    return claim


class TestAModelAsMeasured:
    """The guards by themselves: what any model could do at best and at worst, each sentence with its own passage."""

    def test_words_alone_acquit_none(self) -> None:
        for row in pairs():
            given = [source(row["passage"], row["title"])]
            told = ledger(
                row["sentence"], given, at=AT, language=Language(row["language"]), products=row["products"]
            )
            (claim,) = told.claims
            assert (claim.verdict is not Verdict.SUPPORTED, claim.method) == (True, Method.WORDS), row["id"]

    def test_one_that_is_right_acquits_most_of_what_follows(self) -> None:
        rows = [row for row in pairs() if row["follows"]]
        assert sum(judged(row, quote=row["passage"]).verdict is Verdict.SUPPORTED for row in rows) >= 22

    def test_one_that_says_yes_to_everything_is_kept_from_most_of_what_does_not(self) -> None:
        rows = [row for row in pairs() if not row["follows"]]
        passed = [row["id"] for row in rows if judged(row, quote=row["passage"]).verdict is Verdict.SUPPORTED]
        assert len(passed) <= 17
        # What is denied in so many words, or said of another product, never passes.
        kept = ("denied", "another product", "别的产品", "范围更大")
        noted = {row["id"]: row["note"] for row in rows}
        assert {noted[one] for one in passed}.isdisjoint(kept), passed

    def test_its_word_is_doubted_where_the_meaning_lies_too_far_apart(self) -> None:
        meaning = Meaning(embedder=Remembering())
        passed = {True: 0, False: 0}
        for row in pairs():
            claim = judged(row, quote=row["passage"])
            if claim.verdict is Verdict.SUPPORTED:
                far = meaning.doubts(row["sentence"], claim.quote, Language(row["language"]))
                passed[row["follows"]] += not far
        assert passed[False] <= 4 and passed[True] >= 20, passed

    def test_one_that_says_no_to_everything_blocks_nothing(self) -> None:
        for row in pairs():
            claim = judged(row, quote="")
            assert claim.verdict is Verdict.UNSUPPORTED
            # What a passage denies in so many words is no model's to judge.
            assert claim.method is Method.MODEL or not row["follows"]

    def test_one_that_quotes_the_copy_acquits_nothing(self) -> None:
        assert not any(judged(row, quote=row["sentence"]).verdict is Verdict.SUPPORTED for row in pairs())
