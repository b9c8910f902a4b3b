"""What people say in passing and nobody would look up: a waking hour, a biscuit or two, a question about two books."""

from __future__ import annotations

import re

from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.promises import is_question
from copilot.domain.grounding.statements import Statements
from copilot.domain.grounding.words import words
from copilot.domain.quantities.figures import FigureKind

_A_FEW = 3
_TIMES = "倍"
_A_NOUN = 8  # Characters behind a count in which its noun begins.
# What says that a thing is the brand's to give, or that it belongs to what is sold.
_GIVES = re.compile(
    r"送|赠|含|附|有|装|内|领|得|套|限|剩|余|单层|双层|[单双][孔芯]|(?<![A-Za-z])(?:left|remain\w*|limit\w*|get|gets|includ\w*|comes?|gift|free|pack|packed|contains?|hold|holds|with|set|box)(?![A-Za-z])",
    re.IGNORECASE,
)
# 别练两天就放下: two days are no time at all.
_SHORT_WHILE = re.compile(
    r"(?:别|没|才|过|歇|躺|忙)[^，。！？]{0,2}[两三几](?:天|日)$|不[^，。！？]{0,3}[两几]天$"
)
_LISTED = re.compile(r"[一-鿿]{1,6}(?:[、和与跟][一-鿿]{1,6})+(?:这)?$")
_PARTS = re.compile(r"[、和与跟]")
# What has hours of its own.
_HOURS = re.compile(
    r"营业|开门|关门|打烊|开到|开始|结束|截止|下单|付款|发货|直播|开播|开抢|开售|上架|客服|在线|送达|配送|预约|开课|入场|活动|领|见"
    r"|(?<![A-Za-z])(?:open\w*|clos\w*|start\w*|begin\w*|end\w*|ship\w*|order\w*|until|till|from|live|doors?|deliver\w*|arriv\w*|join|meet|class\w*|session\w*|event\w*|sale|tickets?|book\w*|call|line)(?![A-Za-z])",
    re.IGNORECASE,
)


def is_said_in_passing(copy: Reading, place: Place, statements: Statements, *, has_hours: bool) -> bool:
    """Whether a figure that no source has claims nothing of the brand. `has_hours` says that some source tells hours."""
    start, end = copy.sentences[place.sentence]
    figure = place.figure
    if figure.kind is FigureKind.TIME:
        return not has_hours and not _HOURS.search(copy.text, start, end)
    if figure.kind is FigureKind.DURATION:
        return bool(_SHORT_WHILE.search(copy.text, max(start, figure.start - 4), figure.end))
    if figure.unit == _TIMES or "/" in figure.unit:
        return False  # Twice as long and once a week say something of the thing itself.
    if figure.kind is FigureKind.COUNT and figure.high is None and _counts_its_list(copy, place):
        return True
    if figure.kind is not FigureKind.COUNT or figure.high is not None or _is_known(copy, place, statements):
        return False
    if is_question(copy.text[start:end]):
        return True
    low, high = place.clause
    return figure.value <= _A_FEW and not _GIVES.search(copy.text, low, high)


def _counts_its_list(copy: Reading, place: Place) -> bool:
    """炭黑和雾蓝两个颜色: as many as stand right before."""
    before = copy.text[copy.sentences[place.sentence][0] : place.figure.start]
    listed = _LISTED.search(before)
    return listed is not None and len(_PARTS.findall(listed.group())) + 1 == place.figure.value


def _is_known(copy: Reading, place: Place, statements: Statements) -> bool:
    """Whether the sources speak of what is counted at all."""
    if place.figure.text.isascii():
        return statements.knows(place.figure.unit)
    counted = words(copy.text[place.figure.end : place.figure.end + _A_NOUN])[:1]
    return statements.knows(counted[0].form if counted else place.figure.unit)
