"""Every figure of a text as a typed value with its offsets: the atoms that grounding compares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from copilot.domain.quantities import amounts, counts, moments, offers
from copilot.domain.quantities.figures import Figure, FigureKind, Role, Sheet
from copilot.domain.quantities.fractions import scan_fractions
from copilot.domain.quantities.idioms import ENGLISH_ORDINAL, mask_idioms

__all__ = ["Figure", "FigureKind", "Role", "figures"]

_SPAN = re.compile(r"^[ ]?(?:-|–|—|~|至|到|to|until|till|through)[ ]?$", re.IGNORECASE)
_DIGIT_LIKE = re.compile(
    r"[0-9零〇一二两三四五六七八九十百千万]|(?:one|two|three|four|five|six|seven|eight|nine|ten)", re.I
)
_REFUSED = re.compile(
    r"(?:^|[.;,:] ?|\n)(?:not (?:for|suitable|recommended|meant)|never (?:for|on))[^.;,:\n]*$|(?:不适合|不宜|不建议|禁止)[^，。；]*$",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"(?<![A-Za-z])(for|at|in|by|with)[ ](?:the[ ])?$", re.IGNORECASE)
_MEASURED = (FigureKind.MEASURE, FigureKind.DURATION)
_LIST = re.compile(r"^(?:,[ ]?|、|[ ]?(?:and|or|to|和|或)[ ]?|,[ ]and[ ])$", re.IGNORECASE)
_AND = re.compile(r"^[ ]?(?:and|和|与|到)[ ]?$", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:between[ ]|在)$", re.IGNORECASE)
_END_BEFORE = re.compile(
    r"(?:截至|截止到?|止于|至|到|直到|until|till|ends?(?: on| at)?|by|before|closes?(?: on| at)?|last day(?: is)?)[ :]?$",
    re.I,
)
_END_AFTER = re.compile(
    r"^[ ]?(?:[（(][^)）]{1,6}[)）])?(?:[0-9:]{4,5})?[ ]?(?:截止|结束|为止|止|关门|打烊|下架|前|之前|到期)"
)
_START_BEFORE = re.compile(
    r"(?:从|自|始于|起于|from|starts?(?: on| at)?|opens?(?: on| at)?|since|after)[ :]?$", re.I
)
_START_AFTER = re.compile(
    r"^[ ]?(?:[（(][^)）]{1,6}[)）])?(?:起|开始|开启|开抢|开售|开门|上线|上新|上架|开播|开营|后|之后|以后)"
)
_LEAST_BEFORE = re.compile(
    r"(?:至少|不少于|不低于|(?<![不别勿])(?<!不要)(?<!不能)(?:高[于过]|超过|大于|多于)|满|最少|at least|(?<!no )(?<!not )more than|over|above|minimum(?: of)?|after)[ ]?$",
    re.I,
)
_LEAST_AFTER = re.compile(
    r"^[ ]?(?:以上|起(?!来)|后(?!续)|之后|at the earliest|at least|or (?:more|hotter|higher|above|over|longer|older)|and (?:above|over|up|older)|\+|minimum)",
    re.I,
)
_MOST_BEFORE = re.compile(
    r"(?:最多|至多|[不别勿](?:要|能)?(?:超过|高[于过]|多于|大于)|(?<![不别])(?:低于|小于|少于)|不到|限购?|up to|no hotter than|no higher than|not more than|within|under|less than|below|at most|no more than|max(?:imum)?(?: of)?)[ ]?$",
    re.I,
)
_MOST_AFTER = re.compile(
    r"^[ ]?(?:以内|内(?!含|有|部)|之内|以下|以前|之前|at the latest|at most|tops|or (?:less|fewer|below|under|cooler|lower|shorter|younger)|and (?:under|below)|max)",
    re.I,
)


def figures(text: str, names: Sequence[str] = ()) -> list[Figure]:
    """The figures of `text`, in order and never overlapping; digits inside one of `names` are part of a name.

    Ordinals, list numbering and idioms are left out: they say nothing that a source would have to support.
    """
    sheet = Sheet(text)
    _mask_names(sheet, names)
    amounts.scan_decimals(sheet)
    amounts.scan_compounds(sheet)
    scan_fractions(sheet)
    offers.scan_offers(sheet)
    mask_idioms(sheet)
    moments.scan_dates(sheet)
    sheet.mask_all(ENGLISH_ORDINAL)
    moments.scan_times(sheet)
    offers.scan_prices(sheet)
    offers.scan_shares(sheet)
    amounts.scan_measures(sheet)
    amounts.scan_durations(sheet)
    amounts.scan_codes(sheet)
    counts.scan_counts(sheet)
    amounts.scan_plain(sheet)
    found = _sharing_units(sheet.folded, sorted(sheet.found, key=lambda figure: figure.start))
    found = _between(sheet.folded, _after_the_same_word(sheet.folded, found))
    return _with_roles(sheet.folded, found)


def _mask_names(sheet: Sheet, names: Sequence[str]) -> None:
    lowered = sheet.folded.lower()
    if len(lowered) != len(sheet.folded):
        lowered = (
            sheet.folded
        )  # a few letters change length when lowered; then only the exact spelling counts
    for name in sorted(set(names), key=len, reverse=True):
        if name and _DIGIT_LIKE.search(name):
            at = lowered.find(name.lower())
            while at >= 0:
                end = at + len(name)
                # A name that ends in a digit is not found inside a longer number: model 2 is not model 20.
                if not (name[-1].isdigit() and lowered[end : end + 1].isdigit()):
                    sheet.mask(at, end)
                at = lowered.find(name.lower(), end)


def _sharing_units(text: str, found: list[Figure]) -> list[Figure]:
    """In 50, 53 and 59 cm the first numbers are centimetres, too: each takes the unit of the one it is joined to."""
    result = list(found)
    for index in range(len(result) - 2, -1, -1):
        one, following = result[index], result[index + 1]
        has_unit = following.kind in _MEASURED and following.shown and following.high is None
        if one.kind is FigureKind.NUMBER and has_unit and _LIST.match(text[one.end : following.start]):
            assert following.shown is not None
            factor = following.value / following.shown
            high = None if one.high is None else one.high * factor
            result[index] = replace(
                one,
                kind=following.kind,
                unit=following.unit,
                value=one.value * factor,
                high=high,
                shown=one.value,
            )
    return result


def _after_the_same_word(text: str, found: list[Figure]) -> list[Figure]:
    """£8.50 for 30 ml and £12 for 50: a bare number behind the word that a measure stood behind is a measure."""
    result = list(found)
    for index, figure in enumerate(result):
        word = _WORD_BEFORE.search(text[max(0, figure.start - 8) : figure.start])
        if figure.kind is not FigureKind.NUMBER or word is None or figure.high is not None:
            continue
        for other in reversed(result[max(0, index - 4) : index]):
            before = _WORD_BEFORE.search(text[max(0, other.start - 8) : other.start])
            if other.kind in _MEASURED and other.shown and before and before[1].lower() == word[1].lower():
                factor = other.value / other.shown
                result[index] = replace(
                    figure, kind=other.kind, unit=other.unit, value=figure.value * factor, shown=figure.value
                )
                break
    return result


def _between(text: str, found: list[Figure]) -> list[Figure]:
    """Between 1.60 and 1.95 m is one range."""
    result: list[Figure] = []
    for figure in found:
        last = result[-1] if result else None
        is_range = (
            last is not None
            and (last.kind, last.unit) == (figure.kind, figure.unit)
            and last.high is None
            and figure.high is None
            and figure.kind not in (FigureKind.DATE, FigureKind.TIME)
            and last.value < figure.value
            and _AND.match(text[last.end : figure.start])
            and _BETWEEN.search(text[max(0, last.start - 9) : last.start])
        )
        if last is not None and is_range:
            whole = text[last.start : figure.end]
            result[-1] = replace(last, end=figure.end, text=whole, high=figure.value)
        else:
            result.append(figure)
    return result


def _with_roles(text: str, found: list[Figure]) -> list[Figure]:
    result = list(found)
    for index, figure in enumerate(found):
        role = _role(text, figure)
        if figure.kind in (FigureKind.DATE, FigureKind.TIME):
            following = found[index + 1] if index + 1 < len(found) else None
            if _joined(text, figure, following):
                role = Role.START
            elif _joined(text, found[index - 1] if index else None, figure):
                role = Role.END
        if role is not Role.NONE:
            result[index] = replace(figure, role=role)
    return result


def _joined(text: str, first: Figure | None, second: Figure | None) -> bool:
    """Whether two dates or times are the ends of one span."""
    return bool(
        first and second and first.kind is second.kind and _SPAN.match(text[first.end : second.start])
    )


def _role(text: str, figure: Figure) -> Role:
    before = text[max(0, figure.start - 14) : figure.start]
    after = text[figure.end : figure.end + 18]
    if figure.kind in (FigureKind.DATE, FigureKind.TIME):
        if _START_AFTER.search(after) or _START_BEFORE.search(before):
            return Role.START
        if _END_AFTER.search(after) or _END_BEFORE.search(before):
            return Role.END
        return Role.NONE
    least = bool(_LEAST_BEFORE.search(before) or _LEAST_AFTER.search(after))
    most = bool(_MOST_BEFORE.search(before) or _MOST_AFTER.search(after))
    if not (least or most):
        return Role.NONE
    # Not for dogs under 10 lb: for those of 10 lb and more.
    if _REFUSED.search(text[max(0, figure.start - 40) : figure.start]):
        least = not least
    return Role.LEAST if least else Role.MOST
