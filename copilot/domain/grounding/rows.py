"""Table rows as evidence: which thing a row is about, and what unit a column's header gives its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.materials import Source
from copilot.domain.quantities import figures
from copilot.domain.quantities.figures import Figure, FigureKind

_PRODUCT_HEADER = re.compile(
    r"产品|品名|商品|名称|型号|款式|套餐|套装|卡种|课程|项目|房型|镜片|镜架|品种|票种|班型|乐器"
    r"|product|item|name|model|bundle|set\b|^(?:service|course|class|room|lens|frame|bouquet|flowers|instrument|plan"
    r"|pass|ticket|membership|tour)s?$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"说明|描述|编号|数量|编码|套装价|description|number|code|price", re.IGNORECASE)
_HEADER = re.compile(r"^\s*([^：:]{1,30})[：:]\s*")
_HEADER_UNIT = re.compile(r"[（(]([^）)]{1,8})[）)]|[/／](元|£|ml|g|cm)$")
_PRICE_HEADER = re.compile(r"价|金额|price|cost|£|\$|¥|rrp", re.IGNORECASE)
_POINTS_HEADER = re.compile(r"积分|points", re.IGNORECASE)
# A row of what posting costs names no product, and its name is what promises are made of.
_SERVICE = re.compile(r"postage|shipping|delivery|returns?|邮费|运费|包邮|快递|配送", re.IGNORECASE)
_MEASURED = (FigureKind.MEASURE, FigureKind.DURATION, FigureKind.TIME, FigureKind.DATE, FigureKind.PRICE)
EVERYTHING = re.compile(
    r"全场|全店|全部|所有|任意|不限|通用|每单|每位|新会员|any order|all orders|every order|everything"
    r"|all (?:our )?products|sitewide",
    re.IGNORECASE,
)


def product_cells(sources: Sequence[Source]) -> list[str]:
    """What the product columns of row sources name: products and their variants."""
    return [
        cell.strip()
        for source in sources
        for header, cell in source.fields.items()
        if _names_thing(header, cell) and not EVERYTHING.search(cell)
    ]


def row_products(fields: Mapping[str, str], catalogue: Catalogue) -> list[frozenset[str]]:
    """What a row is about. A product cell such as 全部商品 names everything, hence nothing; one such as
    "Spare part" is completed by the one product that another short cell names."""
    cells = {header: cell.strip() for header, cell in fields.items() if cell.strip()}
    own: list[frozenset[str]] = []
    for header, cell in cells.items():
        if _names_thing(header, cell) and not EVERYTHING.search(cell):
            own += [mention.names for mention in catalogue.mentions(cell)] or [frozenset({cell})]
    if own and not frozenset().union(*own) & catalogue.own:
        for cell in cells.values():
            named = {mention.names for mention in catalogue.mentions(cell) if mention.names & catalogue.own}
            if len(named) == 1 and len(cell) <= 60:
                own += named
    return own


def is_for_all(fields: Mapping[str, str]) -> bool:
    """Whether the row says that it holds for every product."""
    return any(_names_thing(header, cell) and EVERYTHING.search(cell) for header, cell in fields.items())


def _names_thing(header: str, cell: str) -> bool:
    named = bool(cell.strip() and _PRODUCT_HEADER.search(header) and not _NO_NAME.search(header))
    return named and not _SERVICE.fullmatch(cell.strip()) and not _is_measured(cell.strip())


def _is_measured(cell: str) -> bool:
    """Whether a cell is a measure and nothing else: 24 °C under "Room" is no product's name."""
    read = figures(cell)
    return len(read) == 1 and read[0].text == cell and read[0].kind in _MEASURED


def typed_by_header(text: str, cell: tuple[int, int], figure: Figure) -> Figure:
    """A bare number in a cell takes its unit from the column's header: 价格（元）, Volume (ml), Points."""
    if figure.kind is not FigureKind.NUMBER:
        return figure
    header = _HEADER.match(text[cell[0] : figure.start])
    if not header:
        return figure
    title = header.group(1)
    unit = _HEADER_UNIT.search(title)
    if unit:
        spelled = (unit.group(1) or unit.group(2) or "").strip()
        for written in (f"{figure.text}{spelled}", f"{spelled}{figure.text}"):
            read = figures(written)
            if len(read) == 1 and read[0].text == written and read[0].kind is not FigureKind.NUMBER:
                return replace(
                    read[0], start=figure.start, end=figure.end, text=figure.text, role=figure.role
                )
    if _POINTS_HEADER.search(title):
        return replace(figure, kind=FigureKind.POINTS)
    if _PRICE_HEADER.search(title):
        return replace(figure, kind=FigureKind.PRICE)
    return figure
