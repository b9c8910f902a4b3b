"""Prices, percentages, offers, durations, measures, points, counts and model codes in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from copilot.domain.figures import FigureKind, Sheet
from copilot.domain.idioms import LOOSE_NOUNS
from copilot.domain.numerals import DIGITS, HAN, NUMBER, approximate, read
from copilot.domain.units import CLASSIFIERS, CURRENCY_PREFIX, CURRENCY_SUFFIX, DURATIONS, MEASURES

_I = re.IGNORECASE
_TO = r"[ ]?(?:-|–|—|~|至|到|(?<=[ ])to|(?<=[ ])or)[ ]?"
_CL = "[" + "".join(CLASSIFIERS) + "]"
_PREFIX = "|".join(re.escape(sign) for sign in sorted(CURRENCY_PREFIX, key=len, reverse=True))
_PIECE = r"(?:件|杯|瓶|盒|份|支|袋|个|包|双|套|罐|片|块|张|条|只|款|罐|单)"

# 块 is money before 钱, a digit or whatever is not a thing; in 三块饼干 it is a piece.
_MONEY_PIECE = (
    r"块(?=[ ]?(?:[0-9五六七八九一二三四]|起|包邮|就|带走|到手|多|左右|以内|/|每|钱|$|[^一-鿿A-Za-z]))"
)

_NTH = re.compile(
    rf"第[ ]?(?P<n>[2-9]|{HAN})[ ]?{_PIECE}(?:[ ]?(?P<half>半价)|[ ]?(?:打)?(?P<z>{DIGITS}|{HAN}{{1,2}})折|[ ]?(?P<free>免费|0元|零元))"
)
_EN_NTH = re.compile(
    r"(?:second|2nd)[ ](?:[a-z]+[ ]){0,3}?(?:at[ ]|is[ ]|for[ ])?(?:(?P<half>half[- ]price|half[- ]off)|(?P<free>free))(?![A-Za-z])"
    r"|half[- ]price[ ]on[ ](?:the[ ]|your[ ]|a[ ])?(?:second|2nd)(?:[ ]one)?",
    _I,
)
_BUY = re.compile(
    rf"买[ ]?(?P<a>[0-9]{{1,3}}|{HAN}{{1,2}})[ ]?{_PIECE}?[ ]?(?:就)?(?:送|赠|得|免|即送|即赠)[ ]?(?P<b>[0-9]{{1,3}}|{HAN}{{1,2}})(?:[ ]?{_PIECE})?(?![ ]?(?:元|积分|分))"
)
_EN_BUY = re.compile(
    r"(?<![A-Za-z])buy[- ](?P<a>[a-z]{2,6}|[0-9]{1,2})(?:[ ,-]{1,2}[A-Za-z’']{1,14}){0,7}?[ ,-]{1,2}get[- ](?P<b>[a-z]+|[0-9]{1,2})(?:[- ]free)?(?![A-Za-z])|(?P<bogo>bogo)f?(?![A-Za-z])",
    _I,
)
_FOR = re.compile(
    r"(?<![A-Za-z0-9.£$€])(?P<a>two|three|four|five|[2-6])[- ]for[- ](?:the[ ]price[ ]of[ ])?(?P<b>one|two|three|four|[1-5])(?![A-Za-z0-9.])",
    _I,
)
_OVER = re.compile(
    rf"满[ ]?(?P<a>{DIGITS}|{HAN}{{1,12}})[ ]?元?[ ]?[,，]?(?:即|可|再)?(?:立?减|省|返|抵|送券)[ ]?(?P<b>{DIGITS}|{HAN}{{1,12}})(?:[ ]?(?:元|块))?"
)
_HALF = re.compile(r"半价|对折|(?<![A-Za-z])half[- ](?:price|off)(?![A-Za-z])", _I)
_OFF = re.compile(
    rf"(?P<n>{DIGITS})[ ]?%[ ]?(?:off|discount|less)(?![A-Za-z])|(?:save|saving|discount[ ]of|立减|直降|优惠|减免|下降|降)[ ]?(?P<m>{DIGITS})[ ]?%"
    rf"|(?P<w>{NUMBER})[ ]per[ ]?cent[ ](?:off|discount|less)(?![A-Za-z])",
    _I,
)
_FOLD_PRICE = re.compile(
    rf"(?<![第0-9.])(?P<n>{DIGITS}|{HAN}{{1,2}})[ ]?折(?!叠|纸|痕|线|返|射|中|腾|磨|断|弯|旧|合|边)"
)
_IN_ONE = re.compile(
    rf"(?P<n>[0-9]|{HAN})[ ]?合[ ]?[1一](?![0-9])|(?P<e>[0-9]|two|three|four|five)[- ]in[- ](?:1|one)(?![A-Za-z0-9])",
    _I,
)

_SIGNED = re.compile(
    rf"(?<![A-Za-z])(?:{_PREFIX})[ ]?(?P<a>{DIGITS}(?:[ ]?(?:万|亿|[kKm](?![A-Za-z])|bn))?)(?:[ ]?(?:-|–|—|~|至|到|to)[ ]?(?:{_PREFIX})?[ ]?(?P<b>{DIGITS}))?"
)
_KUAI = re.compile(
    rf"(?P<a>{DIGITS}|{HAN}{{1,12}})[ ]?(?:块(?P<j>[0-9]|[一二三四五六七八九])(?!包(?!邮)|(?!包){_CL}|[0-9.%元折点日月年天]|小时|分钟)"
    r"|[元块](?P<k>[0-9]|[一二三四五六七八九])[角毛])"
)
_BARE_PRICE = re.compile(
    rf"(?<![0-9.])(?P<a>{DIGITS})(?=[ ]?(?:包邮|到手|秒杀|带走|起拍|抢购|开抢|入手|拿下))"
)
_PERCENT = re.compile(
    rf"(?P<a>{DIGITS})(?:[ ]?(?:-|–|—|~|至|到|to)[ ]?(?P<b>{DIGITS}))?[ ]?%|(?P<w>{NUMBER})[ ]?per[ ]?cent(?![A-Za-z])|百分之(?P<h>{HAN}{{1,12}})|(?P<full>百分百)",
    _I,
)
_TENTHS = re.compile(
    r"(?P<a>[1-9](?:\.[0-9])?|[一二三四五六七八九](?:[一二三四五六七八九])?)成(?!分|本|员|为|功|立|熟|人|长|品|就|果|都|份|年|组|交|团|群|型|色|片|一|了|语|双)"
)
_POINTS = re.compile(
    rf"(?P<a>{NUMBER})[ ]?(?:个|点)?[ ]?(?:积分|分(?!钟|之|享|别|类|开|布|明|辨|装|钱|店|秒|散|层|期|批|组|为|成|公|子|贝|割)|(?:loyalty[ ]|reward[ ]|bonus[ ]|extra[ ]|member[ ])?(?:points?|pts)(?![A-Za-z]))"
    rf"|积分[ ]?[+x×*:]?[ ]?(?P<b>{DIGITS})(?![0-9]*[ ]?(?:倍|元|件|折|天|月|点))",
    _I,
)
_TIMES_MORE = re.compile(
    rf"(?P<a>{NUMBER})[ ]?(?:倍|(?:x|times)[ ](?:more|faster|longer|the|as|stronger|better|points))|(?P<d>double|twice[ ]as|two-fold)(?![A-Za-z])|(?P<t>triple|three[ ]times[ ]as)(?![A-Za-z])",
    _I,
)
_FREQUENCY = re.compile(
    r"(?<![A-Za-z])(?:(?P<once>once)|(?P<twice>twice))[ ](?:a|per|each|every|daily|weekly)(?![A-Za-z])", _I
)
_HALF_SPAN = re.compile(
    r"(?:(?P<n>[0-9]+|[一二两三四五六七八九十]{1,4})个?半(?P<u2>小时|钟头|天|月)|(?P<y>[0-9]+|[一二两三四五六七八九十]{1,4})年半|半(?P<u>个?小时|个?钟头|年|个月)|(?P<q>一刻钟))"
)
_EN_HALF = re.compile(
    rf"(?<![A-Za-z])(?:half[ -](?:an?[ -])?(?P<u>hour|year|day)|(?P<n>{NUMBER})[ ]and[ ]a[ ]half[ ](?P<u2>hour|year|day|month|week|minute)s?"
    r"|an?[ ](?P<u3>hour|year|day|month|week)[ ]and[ ]a[ ]half|(?P<fort>a[ ]fortnight))(?![A-Za-z])",
    _I,
)
_WITHIN_A = re.compile(
    r"(?<![A-Za-z])(?:within|in[ ]under|under|after|in[ ]about|up[ ]to)[ ](?P<a>an?)[ ](?P<u>second|minute|hour|day|week|month|year)(?![A-Za-z])",
    _I,
)
_SIZE = re.compile(
    rf"(?P<a>{DIGITS})[ ]?(?:cm|mm|m|厘米|毫米|米|in)?[ ]?[x×*X][ ]?(?P<b>{DIGITS})(?:[ ]?(?:cm|mm|m|厘米|毫米|米|in)?[ ]?[x×*X][ ]?(?P<c>{DIGITS}))?[ ]?(?P<u>cm|CM|mm|厘米|毫米|公分|米|m|inch(?:es)?|in)(?![A-Za-z])"
)
_SIZE_FACTORS = {
    "cm": ("mm", 10),
    "mm": ("mm", 1),
    "厘米": ("mm", 10),
    "公分": ("mm", 10),
    "毫米": ("mm", 1),
    "米": ("mm", 1000),
    "m": ("mm", 1000),
}
_BELOW_ZERO = re.compile(
    rf"(?:零下|(?<![0-9A-Za-z])-)[ ]?(?P<a>{DIGITS}|{HAN}{{1,12}})[ ]?(?:°[ ]?C|℃|度|摄氏度|°)"
)
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:SPF|PA|IPX?|pH|USB|PM)[ ]?[0-9]{1,9}(?:\.[0-9]+)?\+*|[A-Za-z]{1,8}-?[0-9]{1,12}(?:\.[0-9]{1,6})?[A-Za-z0-9]{0,12}\+*|(?<![0-9])[0-9]{1,12}[A-Za-z][A-Za-z0-9]{0,12})(?![A-Za-z])"
)
_TELEPHONE = re.compile(
    r"(?<![0-9])(?:\+?[0-9]{2,4}[- ])?[0-9]{3,4}-[0-9]{3,4}(?:-[0-9]{3,4})?(?![0-9])|(?<![0-9.])[0-9]{7,20}(?![0-9])"
)
_COUNT_HAN = re.compile(rf"(?P<a>{NUMBER})(?:{_TO}(?P<b>{NUMBER}))?[ ]?(?P<u>{_CL})(?!月|小时|钟头|星期)")
_COUNT_EN = re.compile(
    rf"(?P<a>{NUMBER})(?:{_TO}(?P<b>{NUMBER}))?(?:[ ]?[x×][ ]?|[ -])(?P<n>[A-Za-z][A-Za-z'’-]*(?:[ -][A-Za-z][A-Za-z'’-]*){{0,3}})"
)
_PLAIN = re.compile(rf"(?<![0-9A-Za-z.])(?P<a>{DIGITS}(?:[ ]?[万亿])?)(?:(?:-|–|—|~|至|到)(?P<b>{DIGITS}))?")
_LONG_HAN = re.compile(r"(?:[一二两三四五六七八九][十百千万亿][零一二三四五六七八九十百千万亿]{0,11})")

# Before these, even 一 and "one" count; without them 一杯 and "one cup" are loose articles.
_COUNTS_ONE = re.compile(
    r"(?:每[次天日人位周月]|仅|只需|只要|限购?|送|赠送?|买|加赠|满|共|含|内含|各|减|享|无理由|质保|保修|保质期|有效期|长达|不到|需|约|近|超过?|最[多少]|间隔|隔)[ ]?$"
)
_ONE_AFTER = re.compile(r"^[ ]?(?:内|以内|之内|后|前|起|质保|保修|无理由|试用|有效|免费|以上)")
_EN_COUNTS_ONE = re.compile(
    r"(?:only|limit|buy|just|per|every|within|in|under|for|a|up to|plus|get|least|exactly)[ ]$", _I
)
_STOP = frozenset(
    listed(
    "a an and any are as at be before but by can each every for from get has have if in into is "
    "it its left more most now of off on only or our out over per plus so than that the their "
    "then there these they this through to until up was we were when where which while who will "
    "with you your after about all am pm it"s we"re you"ll"
)
)  # fmt: skip


def _compiled(
    table: Sequence[tuple[str, str, Decimal]], flags: int = 0
) -> list[tuple[re.Pattern[str], str, Decimal]]:
    return [
        (
            re.compile(
                rf"(?P<a>{NUMBER})(?:[ ]?(?:{spelling})?{_TO}(?P<b>{NUMBER}))?[ ]?-?(?P<u>{spelling})", flags
            ),
            unit,
            factor,
        )
        for spelling, unit, factor in table
    ]


_DURATION_PATTERNS = _compiled(DURATIONS, _I)
_MEASURE_PATTERNS = _compiled(MEASURES)
_PRICE_PATTERNS = _compiled((*CURRENCY_SUFFIX, (_MONEY_PIECE, "CNY", Decimal(1))), _I)
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def scan_offers(sheet: Sheet) -> None:
    def nth(match: re.Match[str]) -> None:
        groups = match.groupdict()
        order = read(groups["n"]) if groups.get("n") else Decimal(2)
        paid = Decimal(0) if groups.get("free") else Decimal(50)
        if groups.get("z"):
            paid = _paid(groups["z"]) or paid
        sheet.put(match.start(), match.end(), FigureKind.OFFER, paid, f"nth{order}")

    def buy(match: re.Match[str]) -> None:
        groups = match.groupdict()
        bought, got = (1, 1) if groups.get("bogo") else (read(groups["a"]), read(groups["b"]))
        if bought is not None and got is not None:
            sheet.put(match.start(), match.end(), FigureKind.OFFER, bought, "buy", high=got)

    def for_price_of(match: re.Match[str]) -> None:
        taken, paid = read(match["a"]), read(match["b"])
        if taken is not None and paid is not None and taken > paid:
            sheet.put(match.start(), match.end(), FigureKind.OFFER, paid, "buy", high=taken - paid)

    def over(match: re.Match[str]) -> None:
        least, less = read(match["a"]), read(match["b"])
        if least is not None and less is not None:
            sheet.put(match.start(), match.end(), FigureKind.OFFER, least, "over-less", high=less)

    def off(match: re.Match[str]) -> None:
        number = read(match["n"] or match["m"] or match["w"])
        if number is not None and number <= 100:
            sheet.put(match.start(), match.end(), FigureKind.OFFER, 100 - number, "pay")

    def fold_price(match: re.Match[str]) -> None:
        paid = _paid(match["n"])
        if paid is not None:
            sheet.put(match.start(), match.end(), FigureKind.OFFER, paid, "pay")

    def in_one(match: re.Match[str]) -> None:
        number = read(match["n"] or match["e"])
        if number is not None:
            sheet.put(match.start(), match.end(), FigureKind.COUNT, number, "in-one")

    sheet.each((_NTH, _EN_NTH), nth)
    sheet.each((_BUY, _EN_BUY), buy)
    sheet.each((_FOR,), for_price_of)
    sheet.each((_OVER,), over)
    sheet.each((_OFF,), off)
    sheet.each((_FOLD_PRICE,), fold_price)
    sheet.each((_HALF,), lambda match: sheet.put(match.start(), match.end(), FigureKind.OFFER, 50, "pay"))
    sheet.each((_IN_ONE,), in_one)


def _paid(text: str) -> Decimal | None:
    """八五折 and 8.5折 are both 85 percent of the price, 8折 is 80."""
    number = read(text)
    if number is None:
        return None
    if number < 10:
        return number * 10
    return number if number < 100 else None


def scan_prices(sheet: Sheet) -> None:
    def signed(match: re.Match[str]) -> None:
        sign = next(s for s in sorted(CURRENCY_PREFIX, key=len, reverse=True) if match.group().startswith(s))
        number, factor = match["a"].rstrip(), Decimal(1)
        if number.endswith("bn"):
            number, factor = number[:-2], Decimal(1_000_000_000)
        elif number.endswith("m"):
            number, factor = number[:-1], Decimal(1_000_000)
        low, high = read(number), read(match["b"]) if match["b"] else None
        if low is not None:
            sheet.put(match.start(), match.end(), FigureKind.PRICE, low * factor, CURRENCY_PREFIX[sign], high)

    def kuai(match: re.Match[str]) -> None:
        whole, tenth = read(match["a"]), read(match["j"] or match["k"])
        if whole is not None and tenth is not None:
            sheet.put(match.start(), match.end(), FigureKind.PRICE, whole + tenth / 10, "CNY")

    def bare(match: re.Match[str]) -> None:
        number = read(match["a"])
        if number is not None:
            sheet.put(match.start(), match.end(), FigureKind.PRICE, number, "CNY")

    sheet.each((re.compile(_SIGNED.pattern),), signed)
    sheet.each((_KUAI,), kuai)
    _scan_units(sheet, _PRICE_PATTERNS, FigureKind.PRICE)
    sheet.each((_BARE_PRICE,), bare)


def scan_shares(sheet: Sheet) -> None:
    def percent(match: re.Match[str]) -> None:
        if match["full"]:
            sheet.put(match.start(), match.end(), FigureKind.PERCENT, 100, "%")
            return
        low = read(match["a"] or match["w"] or match["h"])
        high = read(match["b"]) if match["b"] else None
        if low is not None:
            sheet.put(match.start(), match.end(), FigureKind.PERCENT, low, "%", high)

    def tenths(match: re.Match[str]) -> None:
        pair = approximate(match["a"])
        low = pair[0] if pair else read(match["a"])
        if low is not None and low < 10:
            sheet.put(
                match.start(), match.end(), FigureKind.PERCENT, low * 10, "%", pair[1] * 10 if pair else None
            )

    sheet.each((_PERCENT,), percent)
    sheet.each((_TENTHS,), tenths)


def scan_durations(sheet: Sheet) -> None:
    def half(match: re.Match[str]) -> None:
        groups = match.groupdict()
        if groups.get("fort"):
            sheet.put(match.start(), match.end(), FigureKind.DURATION, 14 * 86400, "s")
            return
        if groups.get("q"):
            sheet.put(match.start(), match.end(), FigureKind.DURATION, 900, "s")
            return
        unit = groups.get("u") or groups.get("u2") or groups.get("u3") or "year"
        spoken = groups.get("n") or groups.get("y")
        whole = read(spoken) if spoken else Decimal(1 if groups.get("u3") else 0)
        if whole is None:
            return
        amount = whole + Decimal("0.5")
        if "月" in unit or unit == "month":
            sheet.put(match.start(), match.end(), FigureKind.DURATION, amount, "month")
        elif "年" in unit or unit == "year":
            sheet.put(match.start(), match.end(), FigureKind.DURATION, amount * 12, "month")
        else:
            english = "hour" if ("时" in unit or "钟" in unit) else "day" if "天" in unit else unit
            sheet.put(
                match.start(), match.end(), FigureKind.DURATION, amount * _SECONDS[english.lower()], "s"
            )

    def within(match: re.Match[str]) -> None:
        unit = match["u"].lower()
        value = _SECONDS.get(unit)
        if value is None:
            sheet.put(
                match.start("a"), match.end(), FigureKind.DURATION, 12 if unit == "year" else 1, "month"
            )
        else:
            sheet.put(match.start("a"), match.end(), FigureKind.DURATION, value, "s")

    sheet.each((_HALF_SPAN, _EN_HALF), half)
    sheet.each((_WITHIN_A,), within)
    _scan_units(sheet, _DURATION_PATTERNS, FigureKind.DURATION)


def scan_measures(sheet: Sheet) -> None:
    def size(match: re.Match[str]) -> None:
        unit, factor = _SIZE_FACTORS.get(match["u"].lower(), ("in", 1))
        last = "c" if match["c"] else "b"
        for name in ("a", "b", "c"):
            value = read(match[name]) if match[name] else None
            if value is not None:
                end = match.end() if name == last else match.end(name)
                sheet.put(match.start(name), end, FigureKind.MEASURE, value * factor, unit)

    def below(match: re.Match[str]) -> None:
        value = read(match["a"])
        if value is not None:
            sheet.put(match.start(), match.end(), FigureKind.MEASURE, -value, "C")

    sheet.each((_SIZE,), size)
    sheet.each((_BELOW_ZERO,), below)
    _scan_units(sheet, _MEASURE_PATTERNS, FigureKind.MEASURE)


def scan_counts(sheet: Sheet) -> None:
    def points(match: re.Match[str]) -> None:
        value = read(match["a"] or match["b"])
        if value is not None:
            sheet.put(match.start(), match.end(), FigureKind.POINTS, value)

    def multiple(match: re.Match[str]) -> None:
        value = Decimal(2) if match["d"] else Decimal(3) if match["t"] else read(match["a"])
        if value is not None:
            sheet.put(match.start(), match.end(), FigureKind.COUNT, value, "倍")

    def frequency(match: re.Match[str]) -> None:
        name = "once" if match["once"] else "twice"
        sheet.put(match.start(name), match.end(name), FigureKind.COUNT, 1 if match["once"] else 2, "次")

    def han(match: re.Match[str]) -> None:
        if not _loose_one(sheet, match.start("a"), match["a"], match.end()):
            _put_range(sheet, match, FigureKind.COUNT, CLASSIFIERS[match["u"]], Decimal(1))

    def english(match: re.Match[str]) -> None:
        spoken = not match["a"][0].isdigit()
        if spoken and ("一" <= match["a"][0] <= "鿿"):
            return
        words = re.split(r"[ -]", match["n"])
        kept: list[str] = []
        for word in words:
            if word.lower() in _STOP:
                break
            kept.append(word.lower())
        if not kept:
            return
        if kept[0] in LOOSE_NOUNS or (len(kept) > 1 and kept[1] in LOOSE_NOUNS):
            if spoken:
                return
            kept = kept[:1]
        if spoken and match["a"].lower() == "one" and not _counts_one_en(sheet, match.start()):
            return
        head = next((w for w in kept if w.endswith("s") and not w.endswith("ss")), kept[0])
        end = match.start("n") + match["n"].lower().find(head) + len(head)
        _put_range(sheet, match, FigureKind.COUNT, stem(head), Decimal(1), end)

    sheet.each((_POINTS,), points)
    sheet.each((_TIMES_MORE,), multiple)
    sheet.each((_FREQUENCY,), frequency)
    starts = sheet.numbers()
    sheet.each_number(_COUNT_HAN, starts, han)
    sheet.each_number(_COUNT_EN, starts, english)


def scan_codes(sheet: Sheet) -> None:
    def code(match: re.Match[str]) -> None:
        name = re.sub(r"[ -]", "", match.group()).upper()
        digits = "".join(c for c in name if c.isdigit())
        sheet.put(match.start(), match.end(), FigureKind.CODE, int(digits[:18] or 0), name)

    sheet.each((_TELEPHONE, _CODE), code)


def scan_plain(sheet: Sheet) -> None:
    def plain(match: re.Match[str]) -> None:
        _put_range(sheet, match, FigureKind.NUMBER, "", Decimal(1))

    def spelled(match: re.Match[str]) -> None:
        value = read(match.group())
        if value is not None and len(match.group()) > 1:
            sheet.put(match.start(), match.end(), FigureKind.NUMBER, value)

    sheet.each((_PLAIN,), plain)
    sheet.each((_LONG_HAN,), spelled)


def _scan_units(sheet: Sheet, patterns: list[tuple[re.Pattern[str], str, Decimal]], kind: FigureKind) -> None:
    starts = sheet.numbers()
    for pattern, unit, factor in patterns:
        sheet.each_number(pattern, starts, _taker(sheet, kind, unit, factor))


def _taker(sheet: Sheet, kind: FigureKind, unit: str, factor: Decimal) -> Callable[[re.Match[str]], None]:
    def take(match: re.Match[str]) -> None:
        if kind is FigureKind.DURATION and _loose_one(sheet, match.start("a"), match["a"], match.end()):
            return
        _put_range(sheet, match, kind, unit, factor)

    return take


def _put_range(
    sheet: Sheet,
    match: re.Match[str],
    kind: FigureKind,
    unit: str,
    factor: Decimal,
    end: int | None = None,
) -> None:
    groups = match.groupdict()
    pair = approximate(match["a"])
    low = pair[0] if pair else read(match["a"])
    high = pair[1] if pair else (read(groups["b"]) if groups.get("b") else None)
    if low is not None:
        upper = None if high is None else high * factor
        sheet.put(match.start(), end or match.end(), kind, low * factor, unit, upper)


def _loose_one(sheet: Sheet, start: int, number: str, end: int) -> bool:
    """Whether 一 or "one" stands as an article here: 一杯, 一天, one evening."""
    if number == "一":
        before = sheet.folded[max(0, start - 6) : start]
        return not (_COUNTS_ONE.search(before) or _ONE_AFTER.search(sheet.folded[end : end + 4]))
    return number.lower() == "one" and not _counts_one_en(sheet, start)


def _counts_one_en(sheet: Sheet, start: int) -> bool:
    return bool(_EN_COUNTS_ONE.search(sheet.folded[max(0, start - 10) : start]))


def stem(word: str) -> str:
    """An English noun without its plural, enough to tell refills from bottles."""
    word = word.lower().strip("'’-")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "xes", "sses")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word
