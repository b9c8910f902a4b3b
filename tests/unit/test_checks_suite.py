"""Limits, terms, voice, typography, privacy and structure; and how the checks run together and are mended."""

from __future__ import annotations

import random
import string
from dataclasses import replace
from datetime import datetime
from importlib import resources

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.brands import BannedTerm, Language, PreferredTerm, Scales, Voice
from copilot.domain.channels import LIMITS, Channel, Limits
from copilot.domain.checks import CheckFunction, Secrets, TermSet, apply_fixes, run, suite
from copilot.domain.checks.declaration import undeclared
from copilot.domain.checks.limits import limits
from copilot.domain.checks.measures import emoji
from copilot.domain.checks.privacy import privacy
from copilot.domain.checks.repetition import Earlier, repetition
from copilot.domain.checks.structure import calls_to_action, structure
from copilot.domain.checks.terms import terms
from copilot.domain.checks.tone import Trait, tone
from copilot.domain.checks.typography import typography
from copilot.domain.checks.voice import voice
from copilot.domain.columns import Form
from copilot.domain.findings import Check, Finding, Severity, blocking
from copilot.domain.messages import Message
from copilot.rulepacks import PACKS, chinese, compiled

VOICE = Voice(
    persona="小满",
    address="你",
    scales=Scales(friendly=4),
    max_emoji=2,
    emoji=("🍵", "🌿"),
    max_exclamations=1,
    max_sentence=30,
    preferred=(
        PreferredTerm("茶友", ("用户", "客户"), "我们是一起喝茶的人"),
        PreferredTerm("茶友们", ("茶友大军",)),
    ),
    banned=(BannedTerm("亲", "不用客服腔", ""), BannedTerm("薅羊毛", instead="领福利"), BannedTerm("割韭菜")),
    competitors=("云岭茶坊", "Leafly"),
    links=("https://www.xiaoman.example.cn/shop", "wx.xiaoman.cn"),
)
FOLDING = chinese().folding


def rules_of(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


def spans_hold(text: str, findings: tuple[Finding, ...]) -> bool:
    return all(text[f.start : f.end] == f.text and 0 <= f.start <= f.end <= len(text) for f in findings)


class TestLimits:
    def test_bytes_block_and_mark_the_surplus_characters(self) -> None:
        (finding,) = limits("茶" * 5, Limits(max_bytes=10), Language.ZH)
        assert (finding.severity, finding.text) == (Severity.BLOCK, "茶茶")
        assert finding.reason == Message("finding.limits.bytes", {"most": 10, "actual": 15, "over": 5})

    def test_exactly_the_limit_is_fine(self) -> None:
        fits = Limits(max_bytes=6, max_characters=2, comfortable=2, max_lines=1)
        assert limits("茶茶", fits, Language.ZH) == ()

    def test_an_emoji_is_never_cut_in_two(self) -> None:
        (finding,) = limits("ab🍵", Limits(max_bytes=4), Language.EN)
        assert finding.text == "🍵"

    def test_comfort_and_folding_only_warn(self) -> None:
        findings = limits("一\n二\n三四五", Limits(comfortable=4, max_lines=2), Language.ZH)
        assert [(f.rule, f.severity, f.reason.params["over"]) for f in findings] == [
            ("comfortable", Severity.WARN, 1),
            ("lines", Severity.WARN, 1),
        ]

    def test_comfort_is_counted_as_a_column_counts(self) -> None:
        """Line ends and blanks are no characters to a Chinese reader; a platform counts them."""
        text = "一 2 三\n四"
        assert limits(text, Limits(comfortable=4), Language.ZH) == ()
        assert rules_of(limits(text, Limits(comfortable=4), Language.EN)) == ["comfortable"]
        (finding,) = limits(text, Limits(max_characters=6), Language.ZH)
        assert finding.reason.params["actual"] == 7

    def test_what_is_refused_anyway_is_not_called_uncomfortable_too(self) -> None:
        assert rules_of(limits("x" * 9, Limits(max_characters=5, comfortable=2), Language.EN)) == [
            "characters"
        ]


class TestTerms:
    known = TermSet.compile(VOICE, chinese())

    def test_banned_terms_block_and_offer_what_the_brand_offers(self) -> None:
        findings = terms("一起薅羊毛，别割韭菜", self.known)
        assert [(f.text, f.severity, f.suggestion) for f in findings] == [
            ("薅羊毛", Severity.BLOCK, "领福利"),
            ("割韭菜", Severity.BLOCK, None),
        ]

    def test_preferred_terms_warn(self) -> None:
        (finding,) = terms("新用户看这里", self.known)
        assert (finding.rule, finding.severity, finding.suggestion) == ("preferred", Severity.WARN, "茶友")
        assert finding.reason.id == "finding.terms.preferred_reason"

    def test_competitors_are_never_named_however_written(self) -> None:
        assert [f.text for f in terms("雲嶺茶坊和 LEAFLY 都试过", self.known)] == ["雲嶺茶坊", "LEAFLY"]
        assert terms("a leaflyish green", self.known) == ()

    def test_a_broken_up_term_is_seen(self) -> None:
        assert [f.text for f in terms("来薅·羊🌿毛", self.known)] == ["薅·羊🌿毛"]

    def test_twenty_thousand_terms_find_the_one(self) -> None:
        letters = random.Random(7)
        listed = tuple(
            BannedTerm("".join(letters.choice("甲乙丙丁戊己庚辛壬癸") for _ in range(9)) + str(n))
            for n in range(20_000)
        )
        known = TermSet.compile(replace(VOICE, banned=listed), chinese())
        assert [f.text for f in terms(f"茶友，{listed[777].term}，来了", known)] == [listed[777].term]


class TestVoice:
    def test_the_wrong_address_is_offered_the_right_one(self) -> None:
        text = "您好，你的订单到了"
        (finding,) = (f for f in voice(text, VOICE, Language.ZH) if f.rule == "address")
        assert (finding.start, finding.text, finding.suggestion) == (0, "您", "你")

    def test_words_and_quotations_that_hold_你_address_nobody(self) -> None:
        polite = replace(VOICE, address="您")
        text = "迷你装到店，您可以先试。茶友说：“你们家的茶真耐泡”"
        assert "address" not in rules_of(voice(text, polite, Language.ZH))

    def test_a_mix_is_settled_by_the_majority_where_the_brand_has_no_wish(self) -> None:
        findings = voice("你来，你看，您请坐", replace(VOICE, address=""), Language.ZH)
        assert [(f.rule, f.text, f.suggestion) for f in findings] == [("mixed_address", "您", "你")]

    def test_surplus_emoji_go_and_foreign_ones_are_noted(self) -> None:
        text = "喝茶🍵，看雨🎉，听风🌿🌿 [玫瑰]"
        findings = [f for f in voice(text, VOICE, Language.ZH) if "emoji" in f.rule]
        assert [(f.rule, f.text) for f in findings] == [
            ("foreign_emoji", "🎉"),
            ("emoji", "🌿🌿"),
            ("emoji", "[玫瑰]"),
        ]
        assert apply_fixes(text, findings) == "喝茶🍵，看雨🎉，听风"

    @pytest.mark.parametrize("one", ["👨‍👩‍👧", "🇨🇳", "👍🏽", "1️⃣", "❤️", "[呲牙]", "☕"])
    def test_what_a_reader_sees_as_one_emoji_counts_once(self, one: str) -> None:
        assert emoji(f"好{one}呀") == [(1, 1 + len(one))]

    def test_a_placeholder_is_no_emoji(self) -> None:
        assert emoji("你好[姓名]，单号[1234]，第3条#话题*") == []

    def test_surplus_exclamation_marks_become_full_stops(self) -> None:
        text = "到货了！！快来！真香!"
        findings = [f for f in voice(text, VOICE, Language.ZH) if f.rule == "exclamations"]
        assert apply_fixes(text, findings) == "到货了！快来。真香."
        assert {f.reason.params["count"] for f in findings} == {4}

    def test_long_sentences_are_marked_whole(self) -> None:
        text = "今天煮了茶。" + "茶" * 40 + "。"
        (finding,) = (f for f in voice(text, VOICE, Language.ZH) if f.rule == "sentence")
        assert finding.start == 6
        assert finding.reason.id == "finding.voice.sentence_zh"

    def test_officialese_is_flagged_with_a_rewrite_in_a_friendly_voice(self) -> None:
        text = "尊敬的茶友，特此通知，本周起予以调整，敬请谅解。"
        findings = [f for f in voice(text, VOICE, Language.ZH) if f.rule == "too_official"]
        assert [f.text for f in findings] == ["尊敬的", "特此通知", "予以", "敬请谅解"]
        mended = apply_fixes(text, findings)
        assert mended == "亲爱的茶友，跟大家说一声，本周起予以调整，多多包涵。"
        before, after = (tone(t, VOICE.scales, Language.ZH)[0].score for t in (text, mended))
        assert before is not None
        assert after is not None
        assert after > before

    def test_chat_is_flagged_in_an_official_voice(self) -> None:
        formal = replace(VOICE, scales=Scales(friendly=1), address="您")
        findings = voice("家人们快来呀，咱们今天有新茶哦，一起喝吧～", formal, Language.ZH)
        assert {"家人们", "咱们"} <= {f.text for f in findings if f.rule == "too_friendly"}

    def test_english_officialese_and_its_rewrite(self) -> None:
        friendly = replace(VOICE, scales=Scales(friendly=5), address="you")
        text = "Please be advised that orders are required prior to Friday. Kindly utilize the form."
        findings = voice(text, friendly, Language.EN)
        assert {"Kindly": "Please", "prior to": "before", "utilize": "use"}.items() <= {
            f.text: f.suggestion for f in findings
        }.items()

    def test_plain_copy_passes_in_a_friendly_and_in_an_official_voice(self) -> None:
        for friendly in (2, 3, 4):
            wanted = replace(VOICE, scales=Scales(friendly=friendly))
            found = voice("今天到的是云南的新豆子，中浅烘，适合手冲。", wanted, Language.ZH)
            assert not [f for f in found if f.rule.startswith("too_")]

    def test_not_scored_is_not_failed(self) -> None:
        scores = {s.trait: s for s in tone("好茶", VOICE.scales, Language.ZH)}
        assert scores[Trait.FRIENDLY].score is None
        assert scores[Trait.HUMOROUS].passes is None
        assert not [f for f in voice("好茶", VOICE, Language.ZH) if f.rule.startswith("too_")]


class TestTypography:
    def test_slips_are_notes_with_fixes(self) -> None:
        text = "今天,新茶到了。。。快来！！真的,,"
        findings = typography(text, Language.ZH)
        assert {f.severity for f in findings} == {Severity.NOTE}
        assert apply_fixes(text, findings) == "今天，新茶到了……快来！！真的，"

    @pytest.mark.parametrize(
        "text",
        ["茶……慢慢喝——不急", "29.9 元，3:30 开始", "Wait... what?!", "iPhone 用户看这里", "满 5,000 减 3"],
    )
    def test_good_typography_is_left_alone(self, text: str) -> None:
        assert typography(text, Language.ZH) == ()


class TestPrivacy:
    @pytest.mark.parametrize(
        ("text", "rule", "masked"),
        [
            ("找我 13812345678 就行", "mobile", "138****5678"),
            ("找我１３８ １２３４ ５６７８", "mobile", "１３８ **** ５６７８"),
            ("电话 +86 138-1234-5678", "mobile", "+86 138-****-5678"),
            ("身份证 11010519491231002X", "identity_card", "1101**********002X"),
            ("卡号 6222 0212 3456 7890 128", "bank_card", "6222 **** **** ***0 128"),
            ("住在阳光花园3号楼2单元501室", "home_address", "住在阳光花园*号楼*单元***室"),
        ],
    )
    def test_personal_data_blocks_and_is_masked(self, text: str, rule: str, masked: str) -> None:
        (finding,) = privacy(text, VOICE.links, FOLDING)
        assert (finding.rule, finding.severity, finding.suggestion) == (rule, Severity.BLOCK, masked)
        assert text[finding.start : finding.end] == finding.text

    @pytest.mark.parametrize(
        "text",
        [
            "客服热线 400-820-1234",
            "订单号 2026112113812345678901",
            "编号 110105194912310021",
            "门店在湖滨路 12 号，进门右手边",
            "共 13800 份",
            "看 https://www.xiaoman.example.cn/shop/tea?id=13812345678",
            "打开 m.wx.xiaoman.cn/a 领券",
            "写信到 hello@xiaoman.cn",
            "3.5折，v2.0 版本，e.g. this",
        ],
    )
    def test_ordinary_numbers_and_own_links_pass(self, text: str) -> None:
        assert privacy(text, VOICE.links, FOLDING) == ()

    @pytest.mark.parametrize(
        ("text", "host"),
        [
            ("点这里 https://evil.example.com/x。", "evil.example.com"),
            ("去 www.other-tea.com 看看", "other-tea.com"),
            ("点https://xiaoman.example.cn@bad.top/领券", "bad.top"),
            ("点 notxiaoman.example.cn 领券", "notxiaoman.example.cn"),
            ("点 https://xiaoman.example.cn.bad.top 领券", "xiaoman.example.cn.bad.top"),
            ("点 //bad.top/a.js 领券", "bad.top"),
            ("去 bit.ly/3abc 看看", "bit.ly"),
        ],
    )
    def test_unknown_links_block_and_name_the_host(self, text: str, host: str) -> None:
        (finding,) = privacy(text, VOICE.links, FOLDING)
        assert (finding.rule, finding.reason.params["host"]) == ("unknown_link", host)
        assert finding.suggestion is None

    @pytest.mark.parametrize(
        ("text", "rule", "found"),
        [
            ("写信到 assist@gmail.com 领奖", "unknown_mail", "assist@gmail.com"),
            ("加微信 wx-win 领红包", "unknown_contact", "wx-win"),
            ("进 QQ群：123456789", "unknown_contact", "QQ群：123456789"),
            ("Find me on Telegram @nell_free22.", "unknown_contact", "Telegram @nell_free22"),
        ],
    )
    def test_mail_and_accounts_elsewhere_block(self, text: str, rule: str, found: str) -> None:
        (finding,) = privacy(text, VOICE.links, FOLDING)
        assert (finding.rule, finding.text, finding.severity) == (rule, found, Severity.BLOCK)

    @pytest.mark.parametrize(
        "text",
        [
            "A linen-covered loaf on a washing line-dried cloth.",
            "Open the WeChat mini-program.",
            "微信 mini-program 下单。",
        ],
    )
    def test_a_word_like_an_account_is_a_word(self, text: str) -> None:
        assert privacy(text, VOICE.links, FOLDING) == ()


class TestStructure:
    @pytest.mark.parametrize(
        ("text", "calls"),
        [
            (
                "每天早上 9:00 的开饭打卡，打卡一次得 5 积分。连续打卡满 7 天，另外加 20 积分。私聊掌柜发「查积分」。",
                1,
            ),
            ("每天打卡并且一周不断，7 天能攒 55 积分。想换饭勺，要连续打卡四个星期，攒到 220 积分。", 0),
            ("换积分的时候私聊掌柜，发「换积分」就可以。私聊掌柜发「查积分」，看看攒到哪了。", 1),
            ("每天打卡只算 1 次，一天发三碗饭也是 5 积分。", 0),
            ("今天记得打卡，打一次得 5 积分。", 1),
            ("来打卡吧，一次 5 积分。晚上在群里说一句。", 2),
            ("在群里回复你的选项，答对一题得 3 积分。", 1),
            ("回复「开饭」，再晒一张早饭，就算打卡，得 5 积分。", 1),
        ],
    )
    def test_what_earns_points_is_told_and_not_asked_for(self, text: str, calls: int) -> None:
        assert len(calls_to_action(text, Language.ZH)) == calls

    @pytest.mark.parametrize(
        ("text", "calls"),
        [
            ("A check-in earns 5 Crumbs. Send the word Crumbs in this chat to see your balance.", 1),
            ("The bag shrinks by 1 cm. Have a look at it on slowmere.example, measurements and all.", 1),
            ("£14 instead of £18. Put it in your basket at slowmere.example and enter the code.", 1),
            ("Put it in a cool oven. Have a look at it after ten minutes.", 0),
        ],
    )
    def test_an_invitation_is_seen_in_the_words_of_the_place(self, text: str, calls: int) -> None:
        assert len(calls_to_action(text, Language.EN)) == calls

    def test_a_second_call_to_action_warns(self) -> None:
        text = "新茶到了。点击链接下单。顺便在评论区告诉我你的口味。"
        findings = structure(text, Language.ZH, None)
        assert [(f.rule, f.text) for f in findings] == [("calls_to_action", "顺便在评论区告诉我你的口味。")]

    @pytest.mark.parametrize(
        "text",
        [
            "下单后48小时内发货。回复“茶”领券。",
            "打卡第七天了。今天的茶怎么样？",
            "已报名的朋友看这里。周五见。",
        ],
    )
    def test_remarks_about_actions_ask_for_nothing(self, text: str) -> None:
        assert structure(text, Language.ZH, None) == ()

    def test_english_calls(self) -> None:
        text = "The kettle is on. Reply with your mug of choice. Then vote for Friday's cake."
        assert len(structure(text, Language.EN, None)) == 1
        assert structure("Your order ships on Monday. Reply if it's late.", Language.EN, None) == ()

    def test_the_column_s_range_warns_in_its_own_unit(self) -> None:
        assert rules_of(structure("一二三 四", Language.ZH, (5, 9))) == ["too_short"]
        assert rules_of(structure("one two three", Language.EN, (1, 2))) == ["too_long"]
        assert structure("it's fine", Language.EN, (2, 2)) == ()

    @pytest.mark.parametrize("text", ["。。。", "🍲🎉", "\u200b", "——\n！"])
    def test_a_text_without_a_word_blocks_and_nothing_else_is_said_of_it(self, text: str) -> None:
        (found,) = structure(text, Language.ZH, (5, 9), Form.ANNOUNCEMENT)
        assert (found.rule, found.severity) == ("wordless", Severity.BLOCK)
        assert structure("1", Language.ZH, None) == structure("", Language.ZH, None) == ()


def _whole_suite(language: Language, channel: Channel = Channel.COMMUNITY) -> tuple[CheckFunction, ...]:
    return suite(
        brand_voice=VOICE,
        language=language,
        channel=LIMITS[channel],
        wanted=(20, 220),
        rules=compiled(*PACKS),
        known=TermSet.compile(VOICE, chinese()),
    )


@pytest.mark.parametrize(
    ("channel", "heard"),
    [
        (Channel.COMMUNITY, {"ad.unmarked"}),
        (Channel.WECOM_PRIVATE, {"ad.unmarked"}),
        (Channel.OFFICIAL_ACCOUNT, {"ad.unmarked", "ad.unmarked-tips"}),
        (Channel.MOMENTS, {"ad.unmarked", "ad.unmarked-tips"}),
    ],
)
def test_tips_to_members_need_no_mark_and_told_experience_does(channel: Channel, heard: set[str]) -> None:
    checks = _whole_suite(Language.ZH, channel)
    tips = "小知识：新锅先煮一回淘米水，煮完晾干再用。想要同款的茶友，点下方卡片下单。"
    told = "亲测半年，这口锅煮饭真的香。想要同款的茶友，点下方卡片下单。"
    found = [finding.rule for copy in (tips, told) for finding in run(copy, checks)]
    assert {rule for rule in found if rule.startswith("ad.unmarked")} == heard


CHECKS = {language: _whole_suite(language) for language in Language}
PIECES = [
    *(
        "顶级",
        "最佳食用时间",
        "您",
        "你们",
        "亲",
        "用户",
        "！！！",
        "🍵",
        "🎉",
        "。。",
        "敬请期待",
        "最 佳",
        "下单",
        "喝茶",
    ),
    *("第一", "唯", "一", "“", "”", "，", " ", "\u200b", "\n", "13812345678", "https://bad.top/a"),
    *("kindly ", "don't ", "#1 ", "Free gift"),
]
COPY = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)


class TestTogether:
    def test_a_good_post_has_nothing_to_mend(self) -> None:
        post = "早呀，茶友们🍵\n今天泡的是新到的桂花乌龙，第一泡 20 秒就好。\n你今天喝什么？在评论区说说"
        assert run(post, CHECKS[Language.ZH]) == ()

    def test_findings_come_in_order_and_the_gravest_speaks_for_a_span(self) -> None:
        known = TermSet.compile(replace(VOICE, preferred=(PreferredTerm("少见", ("唯一",)),)), chinese())
        findings = run(
            "茶友看这里，唯一的一款",
            suite(
                brand_voice=VOICE,
                language=Language.ZH,
                channel=Limits(),
                wanted=None,
                rules=compiled("cn-ad-law"),
                known=known,
            ),
        )
        assert [(f.check, f.severity, f.suggestion) for f in findings] == [
            (Check.COMPLIANCE, Severity.BLOCK, "少见")
        ]

    @given(COPY, st.sampled_from(list(Language)))
    def test_every_span_holds_and_the_order_is_kept(self, text: str, language: Language) -> None:
        findings = run(text, CHECKS[language])
        assert spans_hold(text, findings)
        assert [f.start for f in findings] == sorted(f.start for f in findings)

    @given(COPY, st.randoms(use_true_random=False))
    def test_fixes_give_the_same_copy_in_any_order(self, text: str, shuffler: random.Random) -> None:
        findings = list(run(text, CHECKS[Language.ZH]))
        mended = apply_fixes(text, findings)
        shuffler.shuffle(findings)
        assert apply_fixes(text, findings) == mended
        assert apply_fixes(text, findings + findings) == mended

    def test_fixes_for_another_text_are_ignored_and_overlaps_go_to_the_graver(self) -> None:
        reason = Message("x")
        wide = Finding(Check.VOICE, "a", Severity.WARN, 0, 4, "abcd", reason, "W")
        grave = Finding(Check.TERMS, "b", Severity.BLOCK, 1, 2, "b", reason, "B")
        stale = Finding(Check.TERMS, "c", Severity.BLOCK, 3, 4, "x", reason, "?")
        touching = Finding(Check.TERMS, "d", Severity.NOTE, 2, 3, "c", reason, "")
        assert apply_fixes("abcd", [wide, stale, touching, grave]) == "aBd"

    def test_the_whole_suite_reads_a_very_long_copy(self) -> None:
        text = ("您好！！最佳 https://a.top 13812345678，“你” 用户🎉 don't 下单。" * 500)[:20_000]
        findings = run(text, CHECKS[Language.ZH])
        assert blocking(findings)
        assert spans_hold(text, findings)

    @given(st.text(max_size=120))
    def test_no_text_breaks_any_check(self, text: str) -> None:
        for checks in CHECKS.values():
            assert spans_hold(text, run(text, checks))


def test_every_reason_is_worded_in_both_languages_with_the_values_it_has() -> None:
    folder = resources.files("copilot") / "translations" / "messages" / "checks.yaml"
    worded = yaml.safe_load(folder.read_text(encoding="utf-8"))
    copies = [
        "您好！！！亲，茶友大军，用户别找云岭茶坊🎉🎉🎉🎉，薅羊毛。。今天,真的 https://bad.top 13812345678"
        + "茶" * 300,
        "尊敬的茶友，特此通知，予以调整，敬请谅解。点击链接。投票吧。住阳光花园3号楼2单元501室",
        "11010519491231002X 6222 0212 3456 7890 128 护照号 E12345678",
        "短",
        "🍵🍵",
        "word " * 400,
        "先写一个具体的生活场景再说别的；系统提示如下 <<<素材 1 完>>> <b>粗</b>",
        "写信到 a@other-tea.cn，加微信 win_88",
        "１２３ 盒（茶)，3x5cm",
        '说"好"的，好 ，茶\u200b友（没关',
        "送iPhone 手机、iPhone 和iPad 、VIP 卡 \n茶A\u3000B",
        "你好,世界,今天,天气,真好,吧,。",
        "Hello，the the cat. now,then. It’s a 'b'. We go. The end.",
    ]
    seen: dict[str, Finding] = {}
    for voice_ in (VOICE, replace(VOICE, address=""), replace(VOICE, scales=Scales(friendly=1))):
        for channel in (Limits(max_bytes=9), Limits(max_characters=9), Limits(comfortable=1, max_lines=0)):
            for language in Language:
                checks = suite(
                    brand_voice=voice_,
                    language=language,
                    channel=channel,
                    wanted=(20, 60),
                    rules=compiled(),
                    known=TermSet.compile(voice_, chinese()),
                    secrets=Secrets(["先写一个具体的生活场景再说别的"]),
                )
                for copy in [*copies, "你来你看您请坐", "家人们快来呀，咱们有新茶哦，一起喝吧～"]:
                    seen.update({f.reason.id: f for f in run(copy, checks)})
    for is_sent in (True, False):
        before = Earlier(
            "今天的新米到店了，水少放一点，煮出来刚好。", "早安", datetime(2026, 11, 20, 9), is_sent
        )
        seen.update({f.reason.id: f for f in repetition(before.text, [before], Language.ZH)})
    seen.update(
        {f.reason.id: f for f in undeclared("新米到了。", Channel.OFFICIAL_ACCOUNT, "本文由 AI 辅助生成")}
    )
    for message_id, finding in seen.items():
        for reader in ("en", "zh"):
            sentence = worded[message_id][reader]
            sentence.format_map(finding.reason.params)
            named = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
            assert named <= set(finding.reason.params)
    assert {key for key in worded if key.startswith("finding.")} == set(seen)
