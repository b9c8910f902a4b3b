"""Personal data and unknown addresses: what must not leave the house, with a masked form to put instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from copilot.domain.checks.normalize import Folding, View, fold
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message

_GAP = r"[ \-·.]?"
_MOBILE = re.compile(rf"(?<![\d.])(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")
_IDENTITY = re.compile(
    rf"(?<!\d)[1-9]\d{{5}}{_GAP}(?:19|20)\d{{2}}{_GAP}[01]\d[0-3]\d{_GAP}\d{{3}}[\dx](?![\da-z])"
)
_CARD = re.compile(r"(?<![\d.])[3-6]\d{3}(?:[ \-]?\d{4}){2}[ \-]?\d{3,4}(?:[ \-]?\d{1,3})?(?!\d)")
_NUMERAL = "一二三四五六七八九十百零〇"
_NUMBER = rf"[\d{_NUMERAL}]{{1,5}}"
# A road with its number or an estate, then the building or the stair, and the door.
_HOME = re.compile(
    r"[\u4e00-\u9fff\da-z]{2,12}?(?:"
    r"(?:小区|花园|家园|公寓|新村|大厦|苑|里|村|园|府|庭|轩|湾|城|路|街|大道|巷|弄|胡同)[\u4e00-\u9fff]{0,2}"
    rf"(?:{_NUMBER}[号弄巷])?[\u4e00-\u9fff]{{0,8}}(?:{_NUMBER}(?:号楼|号院|栋|幢|座|单元)){{1,3}}{_NUMBER}室?"
    rf"|(?:路|街|大道|巷|弄|胡同|村){_NUMBER}[号弄](?:{_NUMBER}号)?(?:\d{{3,4}}(?!\d)室?|{_NUMBER}室)"
    r"|(?:小区|花园|家园|公寓|新村|苑|里|园|府|庭|轩|湾|城)\d{1,3}-(?:\d{1,2}-)?\d{3,4}室?(?![\d-])"
    r")"
)
_PREMISES = re.compile(r"(?:门店|本店|店铺|公司|仓库?|办公|自提点?|退货|展厅|工厂|总部)[^。!?;\n]{0,12}$")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川青藏琼宁][a-hj-np-z][ ·.\-]?(?=[a-z]{0,5}\d)[a-hj-np-z\d]{5,6}(?![a-z\d])"
)
# Papers are known by their name: their numbers alone look like any other.
_PAPERS = re.compile(
    r"(?:护照|通行证|台胞证|居住证|军官证|士兵证|警官证|学生证|驾驶证|驾照|行驶证|社保卡?|医保卡?|就诊卡?|病历|准考证|公积金)(?:号码|编号|卡号|号)?[是为:： ]{0,3}"
    r"(?P<number>[a-z]{0,3}\d{6,18}[\dx]?)(?![a-z\d])"
)
_SPELT = re.compile(
    r"(?<![\d.])1(?P<gap>[ \-.·])[3-9](?:(?P=gap)\d){9}(?!(?P=gap)?\d)|[幺一1][三四五六七八九][零〇一幺二三四五六七八九]{9}"
)
_LINK = re.compile(
    r"(?:(?:https?|ftp)://|(?<![\w:/])//(?=[a-z0-9-]*[.\d]))[^\s/\u3000-\u303f\u4e00-\u9fff\uff00-\uffef<>\"'“”‘’][^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef<>\"'“”‘’]+"
    r"|(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5}"
    r"(?:com|cn|net|org|shop|store|top|xyz|vip|club|link|online|site|app|info|biz|ltd|co\.uk|co|io|cc|tv"
    r"|example|dev|icu|wang|ren|mobi|cloud|eu|uk|us(?=/)|de|fr|ru|jp|kr|hk|tw|sg|ai|gg|ly|me(?=/)|su|tk|ws)"
    r"(?![\w-]|\.\w)(?:[/?#:][^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef<>\"'“”‘’]*)?"
)
_MAIL = re.compile(
    r"(?<![\w.+-])[a-z0-9][a-z0-9.+_-]{0,63}@(?P<host>(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12})(?![\w-])"
)
# Where somebody can be reached beside the brand's groups; the name of the place must stand right before it.
_CONTACT = re.compile(
    r"(?:微信号?|vx|wx|wechat|weixin|qq群?号?|telegram|whatsapp|(?<![a-z])line(?= ?id|[:：])|skype|公众号)(?: ?id)?[:： ]{0,3}"
    r"@?(?P<handle>(?=[a-z_-]{0,19}\d|[a-z]{1,12}_)[a-z0-9][a-z0-9_-]{3,24})(?![a-z0-9])"
    r"|(?<![a-z0-9])(?:vx|wx)[-_][a-z0-9][a-z0-9_-]{2,24}(?![a-z0-9])"
)
# British and American numbers as they are written there; what stands right before must not make them an order's.
_PHONE_EN = re.compile(
    r"(?<![\w.+#-])(?:"
    r"(?:\+44[ .-]?(?:\(0\)[ .-]?)?|0)7\d{3}[ .-]?\d{3}[ .-]?\d{3}"
    r"|(?:\+44[ .-]?(?:\(0\)[ .-]?)?|\(?0)(?:20\)?[ .-]?[378]\d{3}[ .-]?\d{4}|1\d{3}\)?[ .-]\d{3}[ .-]?\d{3}|1\d1\)?[ .-]\d{3}[ .-]?\d{4})"
    r"|(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\)[ .-]?|[2-9]\d{2}[.-])[2-9]\d{2}[ .-]\d{4}"
    r"|\+1[ .-]?[2-9]\d{2}[ .-]?[2-9]\d{2}[ .-]?\d{4}"
    r")(?![\w-]|\.\d)"
)
_FREEPHONE = re.compile(r"(?:\+?1[ .-]?)?\(?(?:[48]00|8(?:33|44|55|66|77|88)|900)\b")
_NUMBERED = re.compile(
    r"(?:order|invoice|receipt|tracking|batch|lot|sku|ref(?:erence)?|item|product|part|model|serial|parcel|ticket|voucher|isbn|code)"
    r"(?: (?:number|no|id|code))?[.:#]?(?: is)? ?#?$|(?:^|[^a-z])no[.:]? ?#?$"
)
_SHOP_LINE = re.compile(
    r"\b(?:shop|store|our|help|support|customer|service|studio|office|bakery|cafe|front desk|reception)(?: [a-z]{2,9}){0,3}(?: (?:on|at|is))?:? ?$"
)
_SOCIAL_SECURITY = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}([ -])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])")
_NATIONAL_INSURANCE = re.compile(
    r"(?<![a-z0-9])(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\d{2} ?\d{2} ?\d{2} ?[a-d](?![a-z0-9])"
)
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?![a-z0-9])")
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|crescent|terrace|place|pl|gardens?|grove|way|hill|hollow"
    r"|mews|row|walk|square|boulevard|blvd|parkway|circle|cir|trail|rise|view|green|park|vale|meadows?)"
)
_UNIT = r"(?:flat|apartment|apt|unit|suite|#)\.? ?\d{0,4}[a-z]?"
_POSTCODE = r"(?:[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|(?:[a-z]{2},? )?\d{5}(?:-\d{4})?)"
_HOME_EN = re.compile(
    rf"(?<![\w$£€.,:-])(?:{_UNIT},? )?\d{{1,5}}[a-z]? (?:[a-z][a-z'-]{{1,15}} ){{1,3}}{_STREET}\b\.?"
    rf"(?:,? {_UNIT}(?![\w])|(?:,? {_UNIT}(?![\w]))?(?:,? [a-z][a-z' -]{{2,20}}){{0,3}},? {_POSTCODE}(?![\w-]))"
    rf"|(?<![\w$£€-])(?:flat|apartment|apt) \d{{1,4}}[a-z]?,? \d{{1,5}}[a-z]? (?:[a-z][a-z'-]{{1,15}} ){{1,3}}{_STREET}\b"
)
_PREMISES_EN = re.compile(
    r"\b(?:shop|store|studio|bakery|cafe|office|warehouse|showroom|market|pop-up|returns?|collect(?:ion)?|pick up|visit us|find us"
    r"|workshop|venue|we are|we're|hall|library|school|museum|gallery|church|pub)\b[^.!?\n]{0,20}$"
)
# Somebody's account elsewhere: a name behind an at sign, or the name of the place, then the account's.
_ACCOUNT_EN = re.compile(
    r"\b(?:dm|message|text|msg|add|ping|contact|reach|find|hit|write to|pm|inbox|slide into)(?: (?:me|him|her|them|my|us|up|to|the seller))?[^.!?\n@]{0,16}?"
    r"(?:instagram|insta|ig|snapchat|snap|telegram|whatsapp|facebook|messenger|discord|signal|kik|tiktok|twitter|venmo|wechat)\b[^.!?\n@]{0,8}@ ?(?P<handle>[a-z0-9_.]{3,30})"
    r"|\b(?:my|her|his)\s(?:instagram|insta|ig|snapchat|snap|telegram|discord|kik|tiktok|venmo|cashapp)(?: (?:handle|name|is|id|account)){0,2}:? ?@ ?[a-z0-9_.]{3,30}"
    r"|\b(?:instagram|insta|snapchat|snap|telegram|discord|kik|venmo) ?: ?@?(?=[a-z_.]{0,24}[\d_])[a-z0-9_.]{3,30}"
)
_DOOR = re.compile(rf"\d|[{_NUMERAL}](?=[{_NUMERAL}]|号|弄|巷|栋|幢|座|单元|室|$)")
_NEAR = 16  # Characters before a number that say what it is.
_FAR = 32  # The same for English, whose words are longer.
_ENGLISH = {
    _PHONE_EN: re.compile(f"{_NUMBERED.pattern}|{_SHOP_LINE.pattern}|[\u4e00-\u9fff][^a-z]{{0,12}}$"),
    _SOCIAL_SECURITY: _NUMBERED,
    _NATIONAL_INSURANCE: _NUMBERED,
    _HOME_EN: _PREMISES_EN,
}
_TRAILING = ".,;:!?)]}…"
# Where it is said what a number is, it need not pass its check digit.
_SAID = {
    "identity_card": re.compile(r"身份证(?:号码?)?[^\d,。]{0,6}$"),
    "bank_card": re.compile(
        r"(?:银行卡|卡号|账号|账户|储蓄卡|信用卡|工资卡|(?<!同)[工农建交招]行|邮储|农商行?|信用社)[^\d,。]{0,8}$"
    ),
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def privacy(text: str, links: Sequence[str], folding: Folding) -> tuple[Finding, ...]:
    """Blocks personal numbers, home addresses, accounts elsewhere, and links and mail whose host is not of `links`.

    Full-width digits and usual grouping are seen through; numbers with a check digit must pass it,
    so that order numbers are left alone.
    """
    view = fold(text, folding)
    known = tuple(_host(link) for link in links)
    findings = [
        _finding(text, rule, view.span(start, end), view, start, end)
        for rule, start, end in _found(view.text, known)
    ]
    return tuple(sorted(findings, key=lambda finding: finding.start))


def _found(text: str, known: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Each stretch once, as the first thing that it can be: digits inside a link are no telephone number."""
    taken = bytearray(len(text))
    for match in _LINK.finditer(text):
        start, end = match.start(), match.start() + len(match[0].rstrip(_TRAILING))
        taken[start:end] = b"\x01" * (end - start)
        if not _is_known(_host(text[start:end]), known):
            yield "unknown_link", start, end
    for match in _MAIL.finditer(text):
        start, end = match.span()
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            host = match["host"]
            if not _is_known(host, known) and not any(each.endswith(f".{host}") for each in known):
                yield "unknown_mail", start, end
    for rule, pattern, valid in (
        ("identity_card", _IDENTITY, _is_identity),
        ("bank_card", _CARD, _is_card),
        ("mobile", _MOBILE, None),
        ("mobile", _SPELT, None),
        ("home_address", _HOME, None),
        ("papers", _PLATE, None),
        ("papers", _PAPERS, None),
        ("unknown_contact", _CONTACT, None),
        ("bank_card", _IBAN, _is_iban),
        ("papers", _SOCIAL_SECURITY, None),
        ("papers", _NATIONAL_INSURANCE, None),
        ("mobile", _PHONE_EN, _is_personal_line),
        ("home_address", _HOME_EN, None),
        ("unknown_contact", _ACCOUNT_EN, None),
    ):
        for match in pattern.finditer(text):
            start, end = match.span("number") if "number" in pattern.groupindex else match.span()
            before = text[max(0, start - _NEAR) : start]
            if rule == "home_address" and _PREMISES.search(text[max(0, start - _NEAR) : start + 4]):
                continue
            if pattern in _ENGLISH and _ENGLISH[pattern].search(text[max(0, start - _FAR) : start]):
                continue
            if not any(taken[start:end]) and (
                valid is None or valid(match[0]) or (rule in _SAID and bool(_SAID[rule].search(before)))
            ):
                taken[start:end] = b"\x01" * (end - start)
                yield rule, start, end


def _is_known(host: str, known: Sequence[str]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in known if each)


def _finding(text: str, rule: str, span: tuple[int, int], view: View, start: int, end: int) -> Finding:
    found = text[span[0] : span[1]]
    params = {"host": _host(view.text[start:end])} if rule == "unknown_link" else {}
    suggestion = None if rule.startswith("unknown") else _masked(found, rule)
    reason = Message(f"finding.privacy.{rule}", params)
    return Finding(Check.PRIVACY, rule, Severity.BLOCK, *span, found, reason, suggestion)


def _masked(found: str, rule: str) -> str:
    """The same with its telling part starred; what stands between the digits stays."""
    if rule == "home_address":
        return _DOOR.sub("*", found)
    digits = [index for index, character in enumerate(found) if character.isalnum()]
    keep_first, keep_last = {"mobile": (len(digits) - 8, 4), "papers": (2, 2)}.get(rule, (4, 4))
    hidden = set(digits[keep_first : len(digits) - keep_last])
    return "".join("*" if index in hidden else character for index, character in enumerate(found))


def _host(link: str) -> str:
    """The host of a link as written, without port, user or leading www."""
    try:
        host = urlsplit(link if "//" in link else f"//{link}").hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _is_personal_line(text: str) -> bool:
    """Lines that cost the caller nothing are a shop's."""
    return _FREEPHONE.match(text) is None


def _is_iban(text: str) -> bool:
    digits = _digits(text).upper()
    if not 15 <= len(digits) <= 34:
        return False
    return int("".join(str(int(character, 36)) for character in digits[4:] + digits[:4])) % 97 == 1


def _is_identity(text: str) -> bool:
    digits = _digits(text)
    remainder = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False)) % 11
    return digits[-1] == "10x98765432"[remainder]


def _is_card(text: str) -> bool:
    """The Luhn sum, as every bank card passes it."""
    digits = [int(d) for d in reversed(_digits(text))]
    doubled = [sum(divmod(2 * d, 10)) if place % 2 else d for place, d in enumerate(digits)]
    return 15 <= len(digits) <= 19 and len(set(digits)) > 1 and sum(doubled) % 10 == 0
