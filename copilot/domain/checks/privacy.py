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
_HOME = re.compile(
    r"(?:[\u4e00-\u9fff\da-z]{2,12}(?:小区|花园|家园|公寓|苑|里|村|路\d+号|街\d+号))[\u4e00-\u9fff]{0,2}"
    r"\d+(?:号楼|栋|幢|座)(?:\d+单元)?\d{2,4}室?"
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
_TRAILING = ".,;:!?)]}…"
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
        ("home_address", _HOME, None),
        ("unknown_contact", _CONTACT, None),
    ):
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(taken[start:end]) and (valid is None or valid(match[0])):
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
        return re.sub(r"\d", "*", found)
    digits = [index for index, character in enumerate(found) if character.isalnum()]
    keep_first, keep_last = (len(digits) - 8, 4) if rule == "mobile" else (4, 4)
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


def _is_identity(text: str) -> bool:
    digits = _digits(text)
    remainder = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False)) % 11
    return digits[-1] == "10x98765432"[remainder]


def _is_card(text: str) -> bool:
    """The Luhn sum, as every bank card passes it."""
    digits = [int(d) for d in reversed(_digits(text))]
    doubled = [sum(divmod(2 * d, 10)) if place % 2 else d for place, d in enumerate(digits)]
    return 15 <= len(digits) <= 19 and len(set(digits)) > 1 and sum(doubled) % 10 == 0
