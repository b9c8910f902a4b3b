"""Numbers as people write them: digits, Chinese numerals and English number words, read as Decimals."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

# Bounded and anchored at a number's first digit, so that long runs of digits cost linear time.
DIGITS = r"(?<![0-9])(?<![0-9]\.)(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\.[0-9]{1,9})?(?![0-9])|[0-9]+(?:\.[0-9]{1,9})?)"
HAN = r"[零〇一二两三四五六七八九十百千万亿]"
_EN_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_EN_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_EN_POWERS = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000}
_UNIT = "|".join(sorted(_EN_UNITS, key=len, reverse=True))
_TEN = "|".join(_EN_TENS)
_POWER = "|".join(_EN_POWERS)
_SMALL = rf"(?:(?:{_TEN})(?:[- ](?:{_UNIT}))?|{_UNIT})"
WORDS = rf"(?i:(?<![A-Za-z'’-])(?:{_SMALL}(?:[ -](?:{_POWER})(?:[ ](?:and[ ])?{_SMALL})?){{0,3}}|half[ ]a[ ]dozen|a[ ](?:{_POWER}))(?![A-Za-z]))"
NUMBER = rf"(?:{DIGITS}[ ]?(?:万|亿|千(?!克|米|瓦|卡|焦)|[kK](?![A-Za-z]))?|{HAN}{{1,12}}|{WORDS})"
"""One number in any of the three scripts; give it to `read`."""
NUMBER_START = re.compile(
    rf"[0-9]+|{HAN}+|(?<![A-Za-z'’-])(?:{_TEN}|{_UNIT}|half[ ]a[ ]dozen|a[ ](?:{_POWER}))", re.IGNORECASE
)

_HAN_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_HAN_DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
_HAN_POWERS = {"十": 10, "百": 100, "千": 1000}
_MULTIPLES = {"万": 10_000, "亿": 100_000_000, "千": 1000, "k": 1000, "K": 1000}
_ENGLISH = re.compile(r"[a-z]+", re.IGNORECASE)
_ONLY_HAN = re.compile(rf"{HAN}+")


def read(text: str) -> Decimal | None:
    """The value of one number, or None when the characters make none (such as 百百 or 千万万)."""
    text = text.strip()
    multiple = 1
    if text and text[0].isdigit():
        if text[-1] in _MULTIPLES:
            multiple = _MULTIPLES[text[-1]]
            text = text[:-1].rstrip()
        try:
            return Decimal(text.replace(",", "")) * multiple
        except InvalidOperation:
            return None
    if _ONLY_HAN.fullmatch(text):
        number = _han(text)
        return None if number is None else Decimal(number)
    return _english(text)


_LOOSELY = {"三五": (Decimal(3), Decimal(5)), "三两": (Decimal(2), Decimal(3))}


def approximate(text: str) -> tuple[Decimal, Decimal] | None:
    """两三 and 七八 name two neighbours and mean a range, and so do 三五 and 三两; anything else is None."""
    if text in _LOOSELY:
        return _LOOSELY[text]
    if len(text) == 2 and text[0] in _HAN_DIGITS and text[1] in _HAN_DIGITS:
        low, high = _HAN_DIGITS[text[0]], _HAN_DIGITS[text[1]]
        if low > 0 and high == low + 1:
            return Decimal(low), Decimal(high)
    return None


def _han(text: str) -> int | None:
    if all(character in _HAN_DIGITS for character in text):
        # Read digit by digit, as in 二〇二六; a single character is the ordinary case.
        return int("".join(str(_HAN_DIGITS[character]) for character in text[:18]))
    total = section = 0
    digit: int | None = None
    last_power = 0
    for character in text:
        if character in _HAN_DIGITS:
            if digit:  # two digits in a row inside a number with powers
                return None
            digit = _HAN_DIGITS[character]
        elif character in _HAN_POWERS:
            power = _HAN_POWERS[character]
            section += (1 if digit is None else digit) * power
            digit, last_power = None, power
        else:
            whole = (section + (digit or 0)) or 1
            total = (total + whole) * _MULTIPLES[character]
            section, digit, last_power = 0, None, _MULTIPLES[character]
            if total > 10**16:
                return None
    if digit and last_power >= 100 and text[-2] not in "零〇":
        digit *= last_power // 10  # 一百五 is 150, 两万三 is 23,000
    return total + section + (digit or 0)


def _english(text: str) -> Decimal | None:
    if text.lower() == "half a dozen":
        return Decimal(6)
    total = current = 0
    seen = False
    for word in _ENGLISH.findall(text.lower()):
        if word in ("a", "and"):
            continue
        if word in _EN_UNITS:
            current += _EN_UNITS[word]
        elif word in _EN_TENS:
            current += _EN_TENS[word]
        elif word in _EN_POWERS:
            power = _EN_POWERS[word]
            current = (current or 1) * power
            if power >= 1000:
                total, current = total + current, 0
        else:
            return None
        seen = True
    return Decimal(total + current) if seen else None
