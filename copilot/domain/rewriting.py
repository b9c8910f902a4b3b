"""Writes a figure's new value the way the copy wrote the old one: its sign, script, width and decimals stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from copilot.domain.quantities.figures import Figure, FigureKind, fold
from copilot.domain.quantities.lists import listed
from copilot.domain.quantities.numerals import DIGITS, HAN, WORDS, approximate, read

_NUMERAL = re.compile(rf"{DIGITS}|{HAN}+|{WORDS}")
_HAN_DIGITS = "零一二三四五六七八九"
_HAN_RUN = re.compile(rf"{HAN}+")
_WORDS = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ",
    "sixteen seventeen eighteen nineteen twenty",
)
_MOST_DECIMALS = 2
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_MONTH = re.compile("|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in _MONTHS), re.I)
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)", re.IGNORECASE)
_PERIOD = re.compile(r"[一-鿿]|[ap]\.?m", re.IGNORECASE)
_FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


def rewritten(written: Figure, old: Figure, new: Figure) -> str | None:
    """`written`, a figure of the copy that says `old`, put as `new`; None where no safe spelling is known."""
    if written.kind is FigureKind.DATE:
        return _date(written, old, new)
    if written.kind is FigureKind.TIME:
        return _time(written, old, new)
    if written.kind is FigureKind.OFFER:
        return _offer(written, new)
    return _amount(written, old, new)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", fold(text)).lower()


def _as_its_source(written: Figure, old: Figure, new: Figure) -> str | None:
    """The new value as its source spells it, where the copy had spelled the old one so."""
    return new.text if _bare(written.text) == _bare(old.text) else None


def _numerals(text: str) -> list[re.Match[str]]:
    return list(_NUMERAL.finditer(fold(text)))


def _filled(text: str, found: Sequence[re.Match[str]], numbers: Sequence[str]) -> str:
    for match, number in reversed(list(zip(found, numbers, strict=True))):
        text = text[: match.start()] + number + text[match.end() :]
    return text


def _amount(written: Figure, old: Figure, new: Figure) -> str | None:
    found = _numerals(written.text)
    values = [read(match.group()) for match in found]
    ends = [written.value] if written.high is None else [written.value, written.high]
    news = [new.value] if new.high is None else [new.value, new.high]
    rough = any(approximate(match.group()) for match in found)
    if len(found) != len(ends) or len(news) != len(ends) or rough or not all(values):
        return _as_its_source(written, old, new)
    spelled: list[str] = []
    for match, value, end, target in zip(found, values, ends, news, strict=True):
        assert value is not None
        number = target * value / end if end else target
        text = _number(number, written.text[match.start() : match.end()], value, new)
        if text is None:
            return _as_its_source(written, old, new)
        spelled.append(text)
    other_unit = len(ends) == 1 and _unit(old) != _unit(new) and _bare(written.text) == _bare(old.text)
    return new.text if other_unit else _filled(written.text, found, spelled)


def _unit(figure: Figure) -> str:
    """How a figure's unit is spelled: its text without numerals."""
    return _bare(_NUMERAL.sub("", fold(figure.text)))


def _number(number: Decimal, like: str, value: Decimal, new: Figure) -> str | None:
    """A number in the script of `like`, which says `value`."""
    folded = fold(like)
    if _HAN_RUN.fullmatch(folded):
        return han(number, like) if number == int(number) else _digits(number, "", value, new)
    if not folded[0].isdigit():
        if number != int(number) or not 0 <= number <= 20:
            return _digits(number, "", value, new)
        word = _WORDS[int(number)]
        return word.capitalize() if like[0].isupper() else word
    digits = _digits(number, folded, value, new)
    return digits.translate(_FULL_WIDTH) if digits and folded != like else digits


def _digits(number: Decimal, like: str, value: Decimal, new: Figure) -> str | None:
    """A whole price written with decimals (¥239.00) keeps them, for that is its style. Decimals that the
    old value needed (£12.50) are no style: then the new one is written as its source writes it."""
    places = max(0, -int(number.normalize().as_tuple().exponent))
    if places > _MOST_DECIMALS:
        return None
    shown = len(like.partition(".")[2])
    if shown and value == int(value):
        places = max(places, shown)
    else:
        source = _numerals(new.text)
        written = source[0].group() if source else ""
        if written[:1].isdigit() and read(written) == number:
            places = max(places, len(written.partition(".")[2]))
    if places == 1 and new.kind is FigureKind.PRICE and new.unit not in ("", "CNY"):
        places = 2
    text = f"{number:.{places}f}"
    commas = "," in like or (not like.isdigit() and "," in new.text) or ("," in new.text and value < 1000)
    return f"{Decimal(text):,}" if commas and number >= 1000 else text


def han(number: Decimal, like: str) -> str | None:
    """A whole number in Chinese numerals: 259 is 二百五十九; 两 stays 两 where the old number had it."""
    value = int(number)
    if not 0 < value < 100_000:
        return None
    digit_by_digit = len(like) > 1 and all(mark in "零〇一二三四五六七八九" for mark in like)
    if digit_by_digit:
        return "".join(_HAN_DIGITS[int(digit)] for digit in str(value))
    parts, zero = "", False
    for power, mark in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, power)
        if digit:
            parts += ("零" if zero and parts else "") + _HAN_DIGITS[digit] + mark
            zero = False
        else:
            zero = bool(parts)
    if parts.startswith("一十"):
        parts = parts[1:]
    if parts == "二" or (parts[:2] in ("二百", "二千", "二万") and "两" in like):
        parts = "两" + parts[1:]
    return parts


def _offer(written: Figure, new: Figure) -> str | None:
    """An offer keeps its form (买二送一 may become 买三送一, not 半价): other forms need other sentences."""
    if written.unit != new.unit:
        return None
    found = _numerals(written.text)
    if new.high is not None:
        pair = [match for match in found if read(match.group()) in (written.value, written.high)]
        if len(pair) != 2 or written.high is None:
            return None
        if [read(match.group()) for match in pair] != [written.value, written.high]:
            return None
        texts = [
            _number(number, written.text[match.start() : match.end()], Decimal(1), new)
            for match, number in zip(pair, (new.value, new.high), strict=True)
        ]
        spelled = [text for text in texts if text]
        return _filled(written.text, pair, spelled) if len(spelled) == 2 else None
    if not found or written.unit.startswith("nth"):
        return None
    match = found[-1]
    like = written.text[match.start() : match.end()]
    if "折" in written.text:
        return _filled(written.text, [match], [_fold_price(new.value, like)])
    if "%" in fold(written.text) and read(match.group()) == 100 - written.value:
        text = _number(100 - new.value, like, written.value, new)
        return _filled(written.text, [match], [text]) if text else None
    return None


def _fold_price(paid: Decimal, like: str) -> str:
    """八五折 for 85 percent still paid, 8.5折 in digits, 8折 for 80."""
    tenths = paid / 10
    text = format(tenths.normalize(), "f")
    if _HAN_RUN.fullmatch(like):
        return "".join(_HAN_DIGITS[int(digit)] for digit in text if digit.isdigit())
    return text.translate(_FULL_WIDTH) if fold(like) != like else text


def _date(written: Figure, old: Figure, new: Figure) -> str | None:
    if written.unit != "day" or new.unit != "day":
        return None
    month, day = int(new.value) // 100, int(new.value) % 100
    old_month, old_day = int(written.value) // 100, int(written.value) % 100
    moved = (new.year or 0) != (old.year or 0) if old.year and new.year else abs(month - old_month) > 6
    if moved and written.year is None:
        return None  # Over a new year a bare day and month would be read as the wrong year's.
    named = _MONTH.search(written.text)
    found = _numerals(written.text)
    if named:
        return _named_month(written.text, named, found, (month, day), old_day)
    values = [read(match.group()) for match in found]
    numbers = [old_month, old_day] if written.year is None else [written.year, old_month, old_day]
    if values == [old_day]:
        # The end of a span (…到26日) borrows its month from the beginning.
        numbers = [old_day]
    if values != [*map(Decimal, numbers)]:
        return None
    year = (new.year or written.year or 0) if not moved else new.year
    if year is None:
        return None
    targets = {1: [day], 2: [month, day], 3: [year, month, day]}[len(numbers)]
    texts: list[str] = []
    for match, target in zip(found, targets, strict=True):
        like = written.text[match.start() : match.end()]
        if _HAN_RUN.fullmatch(like):
            text = _year_han(target) if target > 31 else (han(Decimal(target), "") or "").replace("两", "二")
        else:
            text = str(target).zfill(2) if fold(like).startswith("0") or _is_iso(written) else str(target)
            text = text.translate(_FULL_WIDTH) if fold(like) != like else text
        texts.append(text)
    if len(numbers) == 1 and month != old_month:
        return f"{month}月{_filled(written.text, found, texts)}"
    return _filled(written.text, found, texts)


def _is_iso(written: Figure) -> bool:
    return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fold(written.text)))


def _year_han(year: int) -> str:
    return "".join("〇" if digit == "0" else _HAN_DIGITS[int(digit)] for digit in str(year))


def _named_month(
    text: str, named: re.Match[str], found: Sequence[re.Match[str]], target: tuple[int, int], old_day: int
) -> str | None:
    days = [match for match in found if read(match.group()) == old_day]
    if len(days) != 1:
        return None
    month, day = target
    name = _MONTHS[month - 1] if len(named.group()) > 3 else _MONTHS[month - 1][:3]
    if named.group().isupper():
        name = name.upper()
    ordinal = _ORDINAL.match(text, days[0].end())
    edits = [(named.start(), named.end(), name), (days[0].start(), days[0].end(), str(day))]
    if ordinal:
        edits.append((ordinal.start(), ordinal.end(), _suffix(day)))
    for start, end, put in sorted(edits, reverse=True):
        text = text[:start] + put + text[end:]
    return text


def _suffix(day: int) -> str:
    if 10 < day < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _time(written: Figure, old: Figure, new: Figure) -> str | None:
    minutes = int(new.value)
    hour, minute = divmod(minutes, 60)
    folded = fold(written.text)
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", folded):
        text = f"{hour:02d}:{minute:02d}" if len(folded) == 5 and folded[0] == "0" else f"{hour}:{minute:02d}"
        return text.translate(_FULL_WIDTH) if folded != written.text else text
    if _bare(written.text) == _bare(old.text):
        return new.text
    same_half = (int(written.value) < 720) == (minutes < 720)
    found = _numerals(written.text)
    whole = minute == 0 and int(written.value) % 60 == 0 and len(found) == 1
    if not (same_half and whole and _PERIOD.search(written.text)):
        return None
    spoken = read(found[0].group())
    shown = hour if spoken is not None and spoken > 12 else (hour - 1) % 12 + 1
    text_of = _number(
        Decimal(shown), written.text[found[0].start() : found[0].end()], spoken or Decimal(1), new
    )
    return _filled(written.text, found, [text_of]) if text_of else None
