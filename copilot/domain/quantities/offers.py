"""Offers, prices and percentages in a text."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from copilot.domain.quantities.figures import FigureKind, Sheet
from copilot.domain.quantities.numerals import DIGITS, HAN, NUMBER, approximate, read
from copilot.domain.quantities.ranges import CLASSIFIER, IGNORE, Patterns, compiled, scan_units
from copilot.domain.quantities.units import CURRENCY_PREFIX, CURRENCY_SUFFIX

_PREFIX = "|".join(re.escape(sign) for sign in sorted(CURRENCY_PREFIX, key=len, reverse=True))

_PIECE = r"(?:件|杯|瓶|盒|份|支|袋|个|包|双|套|罐|片|块|张|条|只|款|单|台|扇|节|间|位|人|壶|副|根|颗|桶|提|板|斤|杯|次)"

# 块 is money before 钱, a digit or whatever is not a thing; in 三块饼干 it is a piece.
_MONEY_PIECE = r"块(?![ ]?[0-9.]{1,6}[ ]?(?:g|克|ml|毫升)(?![A-Za-z]))(?=[ ]?(?:[0-9五六七八九一二三四]|的(?!大小)|以内|以下|以上|那|起|包邮|就|带走|到手|多|左右|以内|/|每|钱|$|[^一-鿿A-Za-z]))"

# From ten on, pieces are money but for what comes in pieces.
_MANY_PIECES = re.compile(
    r"(?<![0-9.])(?P<a>[1-9][0-9]+(?:\.[0-9])?|[一二两三四五六七八九]?[十百千][零一二三四五六七八九十百千]*)[ ]?块(?!(?:小|大)?(?:糖|饼|蛋糕|蛋|豆|肉|皂|布|砖|巧|牛|腊|曲奇|冰|木|石|瓷|电池|屏|面包|拼图|积木|地垫))钱?"
)

_NTH = re.compile(
    rf"(?:买[ ]?(?:[2-9]|两|三|四){_PIECE}[，, ]{{0,2}})?第[ ]?(?P<n>[2-9]|{HAN})[ ]?{_PIECE}[ ]?(?:都是|就是|只要|只收|只付|只需|是|享|付)?(?:[ ]?(?P<half>半价|一半(?:的?价钱?|的?钱)?|对折|五折|5折)|[ ]?(?:打)?(?P<z>{DIGITS}|{HAN}{{1,2}})折|[ ]?(?P<free>免费|0元|零元))"
)

_EN_NTH = re.compile(
    r"(?:second|2nd)[ ](?:[a-z]+[ ]){0,3}?(?:at[ ]|is[ ]|for[ ])?(?:(?P<half>half[- ]price|half[- ]off)|(?P<free>free))(?![A-Za-z])"
    r"|half[- ]price[ ]on[ ](?:the[ ]|your[ ]|a[ ])?(?:second|2nd)(?:[ ]one)?",
    IGNORE,
)

_BUY = re.compile(
    rf"[买购][ ]?(?P<a>[0-9]{{1,3}}|{HAN}{{1,2}})[ ]?{_PIECE}?[ ]?(?:就)?(?:送|赠|得|免|即送|即赠)[ ]?(?:[一-鿿]{{2,6}}?(?=[0-9]))?(?:[0-9]+[ ]?(?:毫升|克|ml|g)[^，。；！0-9]{{0,6}}?)?(?P<b>[0-9]{{1,3}}|{HAN}{{1,2}})(?:[ ]?{_PIECE})?(?![ ]?(?:元|积分|分))"
)

_EN_BUY = re.compile(
    r"(?<![A-Za-z])buy[- ](?P<a>[a-z]{2,6}|[0-9]{1,2})(?:[ ,-]{1,2}[A-Za-z0-9’']{1,14}){0,8}?[ ,-]{1,2}(?:(?:and|we|you)[ ]){0,2}(?:get|add)[- ](?P<b>(?:a[ ])?(?:second|third|fourth|fifth)|another|one[ ]more|[a-z]+|[0-9]{1,2})(?:[- ]free)?(?![A-Za-z])"
    r"|(?<![A-Za-z])buy[ ](?P<a2>one|two|three|four|[1-4])(?:[ ][A-Za-z0-9’']{1,14}){0,7}?,?[ ]and[ ](?:the|your)[ ](?:second|third|fourth|fifth)(?:[ ]one)?[ ](?:is|comes|goes)[ ](?:free|on[ ]us)(?![A-Za-z])|(?P<bogo>bogo)f?(?![A-Za-z])",
    IGNORE,
)

_NEXT_ONE = re.compile(r"(?:a )?(?:second|third|fourth|fifth)|another|one more", IGNORE)

_FOR_PRICE_OF = re.compile(
    r"(?<![A-Za-z0-9.£$€])(?P<a>two|three|four|five|six|seven|eight|nine|ten|twelve|[2-9]|1[0-2])(?:[ ][A-Za-z0-9-]{1,14}){0,6}?[ ](?:for[ ]the[ ]price[ ]of|and[ ]pay[ ]for)[ ](?P<b>one|two|three|four|five|six|seven|eight|nine|ten|[1-9]|1[01])(?![A-Za-z0-9]|\.[0-9])",
    IGNORE,
)

_FOR = re.compile(
    r"(?<![A-Za-z0-9.£$€])(?P<a>two|three|four|five|[2-6])[- ]for[- ](?:the[ ]price[ ]of[ ])?(?P<b>one|two|three|four|[1-5])(?![A-Za-z0-9]|\.[0-9])",
    IGNORE,
)

_OVER = re.compile(
    rf"满[ ]?(?P<a>{DIGITS}|{HAN}{{1,12}})[ ]?元?[ ]?[,，]?(?:即|可|再)?(?:立?减|省|返|抵|送券)[ ]?(?P<b>{DIGITS}|{HAN}{{1,12}})(?:[ ]?(?:元|块))?"
)

_HALF = re.compile(r"半价|对折|(?<![A-Za-z])half[- ](?:price|off)(?![A-Za-z])", IGNORE)

_OFF = re.compile(
    rf"(?P<n>{DIGITS})[ ]?%[ ]?(?:off|discount|less)(?![A-Za-z])|(?:save|saving|discount[ ]of|立减|直降|优惠|减免|下降|降)[ ]?(?P<m>{DIGITS})[ ]?%"
    rf"|(?P<w>{NUMBER})[ ]per[ ]?cent[ ](?:off|discount|less)(?![A-Za-z])",
    IGNORE,
)

_FOLD_PRICE = re.compile(
    rf"(?<![第0-9.])(?P<n>{DIGITS}|{HAN}{{1,2}})[ ]?折(?!叠|纸|痕|线|返|射|中|腾|磨|断|弯|旧|合|边|一下|就[能可好行走])"
)

_IN_ONE = re.compile(
    rf"(?P<n>[0-9]|{HAN})[ ]?合[ ]?[1一](?![0-9])|(?P<e>[0-9]|two|three|four|five)[- ]in[- ](?:1|one)(?![A-Za-z0-9])",
    IGNORE,
)

_SIGNED = re.compile(
    rf"(?<![A-Za-z])(?:{_PREFIX})[ ]?(?P<a>{DIGITS}(?:[ ]?(?:万|亿|[kKm](?![A-Za-z])|bn))?)(?:[ ]?(?:-|–|—|~|至|到|to)[ ]?(?:{_PREFIX})?[ ]?(?P<b>{DIGITS}))?"
)

_NOTES = re.compile(r"(?<![A-Za-z])a[ ](?P<n>fiver|tenner)(?![A-Za-z])", IGNORE)
_JOINT = re.compile(r"[ ]?(?:-|–|—|~|至|到|to)[ ]?")

_KUAI = re.compile(
    rf"(?P<a>{DIGITS}|{HAN}{{1,12}})[ ]?(?:块(?P<j>[0-9]|[一二三四五六七八九])(?!包(?!邮)|(?!包){CLASSIFIER}|[平斤克升米寸公]|[0-9.%元折点日月年天]|小时|分钟)"
    r"|[元块](?P<k>[0-9]|[一二三四五六七八九])[角毛])"
)

_SPOKEN_PRICE = re.compile(
    rf"(?:减完|到手|只要|只需|折后|券后|特价|现价|原价|售价|仅需|仅要|标价|算下来|凑够)(?:是|为|价)?[ ]?(?P<a>{DIGITS}|{HAN}{{2,12}})(?![0-9.%]|[ ]?(?:[元块个件只瓶盒包袋杯份片天月年日号点分秒克斤升米折倍步次]|毫|小时|积分))"
)

_BARE_PRICE = re.compile(
    rf"(?<![0-9.])(?P<a>{DIGITS}|{HAN}{{2,12}})(?=[ ]?(?:包邮|到手|秒杀|带走|起拍|抢购|开抢|入手|拿下))"
)

_PERCENT = re.compile(
    rf"(?P<a>{DIGITS})(?:[ ]?(?:-|–|—|~|至|到|to)[ ]?(?P<b>{DIGITS}))?[ ]?%|(?P<w>{NUMBER})[ ]?per[ ]?cent(?![A-Za-z])|百分之(?P<h>{HAN}{{1,12}})|(?P<full>百分百)",
    IGNORE,
)

_HALF_OF = re.compile(
    r"(?<![A-Za-z])half(?=[ ]of[ ](?:our|the|its|your|all|this|these|those)[ ](?!price|time|day|hour|year|fun|battle))",
    IGNORE,
)
_HALF_LESS = re.compile(r"(?:薄|少|降低?|省|减少?|轻|低|短|快|缩短)了?(?P<h>一半)")
_WHOLLY = re.compile(
    r"(?<![A-Za-z])(?:entirely|wholly|fully|completely|purely)(?=[ ](?:recycled|organic|cotton|linen|wool|compostable|plant-based)(?![A-Za-z]))",
    IGNORE,
)
_TENTHS = re.compile(
    r"(?P<n>[1-9一二三四五六七八九])成半(?!年)|(?P<a>[1-9](?:\.[0-9])?|[一二三四五六七八九](?:[一二三四五六七八九])?)成(?!分|本|员|为|功|立|熟|人|长|品|就|果|都|份|年|组|交|团|群|型|色|片|一|了|语|双)"
)


# A part of a whole, said as a fraction: 五分之一, 三分之二, two fifths, three quarters, half of the price.
_EN_PARTS = {
    "half": 2,
    "halve": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
}
_PART = r"(?:third|quarter|fifth|sixth|eighth|tenth)s?"
_FRACTION = re.compile(
    rf"(?P<d>[0-9]{{1,2}}|(?!百){HAN}{{1,2}})分之(?P<n>[0-9]{{1,2}}|{HAN}{{1,2}})"
    rf"|(?<![A-Za-z])(?P<w>an?|one|two|three|four|five|seven)[ -](?P<e>{_PART})(?![A-Za-z])(?![ -](?:hour|inch|pound|of[ ]an[ ](?:hour|inch)|past|to[ ]|free|bag|one|pack|box|person|party|day|time|bottle|of[ ]a[ ](?:cup|teaspoon)))",
    IGNORE,
)
_LESS = re.compile(r"[ ]?(?:off|less|lower|cheaper|discount)(?![A-Za-z])", IGNORE)
# What is paid of a price: "cost half of what they did", "three quarters of the price".
_OF_PRICE = re.compile(r"^[ ]of[ ](?:the[ ](?:\w+[ ])?price|what[ ]\w+)", IGNORE)
_HALF_OF_PRICE = re.compile(
    r"(?<![A-Za-z])(?:half(?=[ ]of[ ](?:the[ ](?:\w+[ ])?price|what[ ]\w+))|half(?=[ ]the[ ](?:\w+[ ])?price))|(?:只(?:要|付|收|需)|付|收)(?:原价的?)?一半(?=的?[钱价]|[，。！]|$)",
    IGNORE,
)


@cache
def _price_patterns() -> Patterns:
    return compiled((*CURRENCY_SUFFIX, (_MONEY_PIECE, "CNY", Decimal(1))), IGNORE)


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
        bought: Decimal | None
        got: Decimal | None
        if groups.get("a2"):
            bought, got = read(groups["a2"]), Decimal(1)
        elif groups.get("bogo"):
            bought = got = Decimal(1)
        else:
            # A third one free, after two, is one.
            is_next = bool(_NEXT_ONE.fullmatch(groups["b"]))
            bought, got = read(groups["a"]), Decimal(1) if is_next else read(groups["b"])
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

    def fraction(match: re.Match[str]) -> None:
        if match["d"]:
            whole, part = read(match["d"]), read(match["n"])
        else:
            name = match["e"].lower().removesuffix("s")
            whole = Decimal(_EN_PARTS[name])
            part = Decimal(1) if match["w"].lower() in ("a", "an") else read(match["w"])
        if whole is None or part is None or not 0 < part < whole:
            return
        share = (part / whole * 100).quantize(Decimal("0.01"))
        if less := _LESS.match(sheet.folded, match.end()):
            sheet.put(match.start(), less.end(), FigureKind.OFFER, 100 - share, "pay")
        elif _OF_PRICE.match(sheet.folded[match.end() : match.end() + 40]):
            sheet.put(match.start(), match.end(), FigureKind.OFFER, share, "pay")
        else:
            sheet.put(match.start(), match.end(), FigureKind.PERCENT, share, "%")

    sheet.each((_NTH, _EN_NTH), nth)
    sheet.each((_BUY, _EN_BUY), buy)
    sheet.each((_FOR_PRICE_OF, _FOR), for_price_of)
    sheet.each((_OVER,), over)
    sheet.each((_OFF,), off)
    sheet.each((_FOLD_PRICE,), fold_price)
    sheet.each((_FRACTION,), fraction)
    sheet.each(
        (_HALF_OF_PRICE,), lambda match: sheet.put(match.start(), match.end(), FigureKind.OFFER, 50, "pay")
    )
    sheet.each((_HALF_OF,), lambda match: sheet.put(match.start(), match.end(), FigureKind.PERCENT, 50, "%"))
    sheet.each(
        (_HALF, _HALF_OF_PRICE),
        lambda match: sheet.put(match.start(), match.end(), FigureKind.OFFER, 50, "pay"),
    )
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
        if low is None:
            return
        if high is not None and high < low * factor:
            # From £129 to £103.20 a price falls: each is a figure of its own.
            cut = match.end("a")
            sheet.put(match.start(), cut, FigureKind.PRICE, low * factor, CURRENCY_PREFIX[sign])
            start = cut + len(_JOINT.match(sheet.folded, cut)[0])  # type: ignore[index]
            sheet.put(start, match.end(), FigureKind.PRICE, high, CURRENCY_PREFIX[sign])
            return
        sheet.put(match.start(), match.end(), FigureKind.PRICE, low * factor, CURRENCY_PREFIX[sign], high)

    def kuai(match: re.Match[str]) -> None:
        whole, tenth = read(match["a"]), read(match["j"] or match["k"])
        if whole is not None and tenth is not None:
            sheet.put(match.start(), match.end(), FigureKind.PRICE, whole + tenth / 10, "CNY")

    def bare(match: re.Match[str]) -> None:
        number = read(match["a"])
        if number is not None:
            sheet.put(match.start(), match.end(), FigureKind.PRICE, number, "CNY")

    sheet.each((_SIGNED,), signed)
    sheet.each((_KUAI,), kuai)
    scan_units(sheet, _price_patterns(), FigureKind.PRICE)
    sheet.each((_MANY_PIECES,), bare)
    sheet.each((_BARE_PRICE,), bare)

    def spoken(match: re.Match[str]) -> None:
        number = read(match["a"])
        if number is not None:
            sheet.put(match.start("a"), match.end("a"), FigureKind.PRICE, number, "CNY")

    sheet.each((_SPOKEN_PRICE,), spoken)
    sheet.each(
        (_NOTES,),
        lambda match: sheet.put(
            match.start(), match.end(), FigureKind.PRICE, 5 if match["n"].lower() == "fiver" else 10, "GBP"
        ),
    )


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
        if match["n"]:
            whole = read(match["n"]) or Decimal(0)
            sheet.put(match.start(), match.end(), FigureKind.PERCENT, whole * 10 + 5, "%")
            return
        pair = approximate(match["a"])
        low = pair[0] if pair else read(match["a"])
        if low is not None and low < 10:
            sheet.put(
                match.start(), match.end(), FigureKind.PERCENT, low * 10, "%", pair[1] * 10 if pair else None
            )

    sheet.each((_PERCENT,), percent)
    sheet.each(
        (_HALF_LESS,), lambda match: sheet.put(match.start("h"), match.end("h"), FigureKind.PERCENT, 50, "%")
    )
    sheet.each((_WHOLLY,), lambda match: sheet.put(match.start(), match.end(), FigureKind.PERCENT, 100, "%"))
    sheet.each((_TENTHS,), tenths)
