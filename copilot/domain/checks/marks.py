"""Marks: doubled ones, half-width ones in Chinese, full-width ones in English, and full-width figures and letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.domain.checks.proof import BLANKS, CLOSERS, OPENERS, Proof, Slip, is_east_asian, is_han, slip

_FULL = str.maketrans(",;:!?.", "，；：！？。")
_HALF = str.maketrans("，；：！？。、．（）", ",;:!?.,.()")

_RUN = re.compile("[，,；;：、。.？?][，,；;：、。.？?！!]+")
_HALF_WIDTH = re.compile(r"[,;:!?.-][!?.-]*")
_FULL_WIDTH = re.compile("[，。！？；：、．（）]")
_EAST_ASIAN_MARKS = frozenset("「」『』《》【】")
_LATIN_THEN_FULL = re.compile("[A-Za-z][，。！？；：、．（）]")
_FORMS = re.compile("[０-９Ａ-Ｚａ-ｚ％][０-９Ａ-Ｚａ-ｚ．－／＋％]*")
_TO_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_CLOCK = re.compile("：[0-5][0-9](?![0-9])")
# A colon between two figures is a clock's only where something says so: 套餐10：30元 is a label and a price.
_OF_THE_CLOCK = re.compile("[开前后起截到至见准—–~～，。、）\\s-]|$")
_HOUR = re.compile("(?<![0-9])(?:[01]?[0-9]|2[0-4])$")
_COUNTED = re.compile("(?:^|[\n（(])[一二三四五六七八九十]{1,3}$")
# Foreign names are written with these; between two of them a dot may stand for the one of 史蒂夫·乔布斯.
_TRANSCRIBED = frozenset(
    "阿艾安奥巴班邦鲍贝本比彼宾波伯博布查达戴丹德登邓狄迪蒂丁顿多厄恩尔法菲费芬弗夫福富盖冈格古哈海汉豪赫亨怀霍基吉加"
    "杰金卡凯坎康考柯科克肯库奎拉莱兰朗劳勒雷里利丽林琳伦罗洛路马玛迈曼梅门蒙米密莫姆木穆纳娜南内尼努诺欧帕派潘佩彭皮普"
    "齐奇乔琼丘萨塞赛桑瑟沙莎珊尚舍圣史士斯思苏索塔泰坦汤特提托瓦万威韦维温翁沃乌西希夏肖谢辛休许雅亚扬耶叶伊因英尤雨约泽"
    "扎詹珍芝朱佐翰居"
)


def doubled(proof: Proof) -> Iterator[Slip]:
    """One mark typed several times, or a comma before a full stop. Exclamation marks are the voice's to count."""
    for match in _RUN.finditer(proof.text):
        start, end = match.span()
        run = match[0]
        kinds = set(run.translate(_FULL))
        if kinds == {"。"}:
            found = _dots(proof, start, end)
        elif len(kinds) == 1:
            found = _one_of(proof, start, end)
        elif run[0] in "，,、" and run[1] in "。！？" and (run[0] != "," or proof.is_chinese):
            found = slip("doubled", (start, start + 2, run[1]))
        else:
            found = None
        if found is not None and not proof.kept(start):
            yield found


def half_width(proof: Proof) -> Iterator[Slip]:
    """In Chinese, a half-width mark that Han, or what closes a Chinese quotation, stands before or after."""
    if not proof.is_chinese:
        return
    for match in _HALF_WIDTH.finditer(proof.text):
        start, end = match.span()
        past = proof.past_blanks(end)
        after = proof.after(past)
        follows = _follows_chinese(proof, start)
        leads = bool(after) and (is_han(after) or after in OPENERS)
        if not follows and not (leads and start and not proof.before(start).isspace()):
            continue
        new = _in_full(proof, match[0], start, end, follows)
        if new and not proof.kept(start):
            # A full-width mark has its white space within.
            takes = leads or (past > end and after.isalnum() and match[0] in ",;:.")
            yield slip("half_width", (start, past if takes else end, new))


def full_width(proof: Proof) -> Iterator[Slip]:
    """In English, or on a line of English in a Chinese copy, a full-width mark with no East Asian letter beside it."""
    pattern = _LATIN_THEN_FULL if proof.is_chinese else _FULL_WIDTH
    for match in pattern.finditer(proof.text):
        start, end = match.end() - 1, match.end()
        if proof.is_chinese and not proof.is_english(start):
            continue
        first = start
        while first and proof.text[first - 1] == " " and start - first < 4:
            first -= 1
        past = proof.past_blanks(end)
        beside = proof.before(first), proof.after(past)
        is_chinese = any(is_east_asian(character) or character in _EAST_ASIAN_MARKS for character in beside)
        if not is_chinese and not proof.kept(start):
            yield slip("full_width", _in_half(proof, first, start, end))


def forms(proof: Proof) -> Iterator[Slip]:
    """Full-width figures and letters, and a full-width colon in a time of day."""
    for match in _FORMS.finditer(proof.text):
        run = match[0].rstrip("．－／＋")
        start, end = match.start(), match.start() + len(run)
        drawn = _drawn(proof.before(start)) or _drawn(proof.after(end))
        if run == "％" and not proof.before(start).isdigit():
            continue
        if run and not drawn and not proof.kept(start):
            yield slip("forms", (start, end, run.translate(_TO_ASCII)))
    for match in _CLOCK.finditer(proof.text):
        start, end = match.span()
        hour = _HOUR.search(proof.text[max(0, start - 3) : start])
        if hour and _OF_THE_CLOCK.match(proof.text, end) and not proof.kept(start):
            yield slip("forms", (start - len(hour[0]), end, f"{hour[0]}:{match[0][1:]}"))


def _dots(proof: Proof, start: int, end: int) -> Slip | None:
    """Two are one too many; more are an ellipsis, and a long row of them leads to a page or waits for an answer."""
    run, before, after = proof.text[start:end], proof.before(start), proof.after(end)
    if "。" in run:
        if before.isascii() and before.isalnum():  # The dot of an abbreviation is its own.
            start += len(run) - len(run.lstrip("."))
            run = proof.text[start:end]
        ellipsis = "……" if proof.is_chinese else "..."
        return slip("doubled", (start, end, "。" if len(run) == 2 else ellipsis)) if len(run) > 1 else None
    in_chinese = proof.is_chinese and (is_han(before) or is_han(after))
    if len(run) == 2:
        is_word = before.isalnum() and not after.isalnum() and after not in ("/", "\\")
        return slip("doubled", (start, end, "。" if in_chinese else ".")) if is_word else None
    return slip("half_width", (start, end, "……")) if in_chinese and len(run) <= 6 else None


def _one_of(proof: Proof, start: int, end: int) -> Slip | None:
    run, before = proof.text[start:end], proof.before(start)
    if not before or before.isspace() or set(run) == {":"}:
        return None
    is_full = not run.isascii() or (proof.is_chinese and is_han(before))
    full = run[0].translate(_FULL)
    return slip("doubled", (start, end, full if is_full else run[0]))


def _in_full(proof: Proof, run: str, start: int, end: int, follows: bool) -> str:
    """The run as Chinese writes it; empty where it is not certain to be a mark of a Chinese sentence."""
    if run in (",", ";", ":"):
        return run.translate(_FULL)
    if not run.strip("!?"):
        if proof.text[max(0, start - 5) : start].lower() == "yahoo":
            return ""  # Its mark is part of the name.
        return run.translate(_FULL) if follows or proof.after(end) not in BLANKS else ""
    if run in ("--", "---"):
        return "——" if is_han(proof.before(start)) and proof.after(end).isalnum() else ""
    return "。" if run == "." and follows and _is_full_stop(proof, start) else ""


def _is_full_stop(proof: Proof, at: int) -> bool:
    past = proof.past_blanks(at + 1)
    after = proof.after(past)
    if proof.ends_line(past):
        return True
    if past == at + 1 and after in CLOSERS + "\")'":
        return True
    if _COUNTED.search(proof.text[max(0, at - 4) : at]):
        return False
    if past == at + 1:
        return is_han(after) and not {proof.before(at), after} <= _TRANSCRIBED
    return after.isalpha() or after in OPENERS


def _in_half(proof: Proof, first: int, start: int, end: int) -> tuple[int, int, str]:
    """The edit that puts an English mark with its white space for a full-width one."""
    mark, before, after = proof.text[start], proof.before(first), proof.after(end)
    half = mark.translate(_HALF)
    if before.isdigit() and after.isdigit() and mark in "，：。．":
        three = proof.text[end : end + 4]
        grouped = len(three) >= 3 and three[:3].isdigit() and not three[3:].isdigit()
        return start, end, half if mark != "，" or grouped else ", "
    if mark == "（":
        return start, end, " (" if proof.before(start).isalnum() else "("
    return first, end, half + " " if after.isalnum() or after in ("(", "“", "‘") else half


def _follows_chinese(proof: Proof, at: int) -> bool:
    """Whether Han comes before this place, or what closes something Chinese; English has ” and ’ too."""
    before = proof.before(at)
    if before in ("”", "’"):
        before = proof.before(at - 1)
    return is_han(before) or (before != "" and before in CLOSERS)


def _drawn(character: str) -> bool:
    """Whether it belongs to a face that is drawn with full-width letters."""
    return bool(character) and character in "＾￣＿｀´＝≧≦▽ωД＊〃"
