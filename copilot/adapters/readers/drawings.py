"""Text in drawings of Office files: the points of SmartArt, and what a chart shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from copilot.adapters.readers.tables import Row
from copilot.domain.brands import Language
from copilot.domain.sentences import language_of

_Element = Any  # of lxml, which has no types

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CATEGORY = {Language.ZH: "类别", Language.EN: "Category"}  # what a chart's first column is called
_WITHOUT_TEXT = frozenset({"pres", "parTrans", "sibTrans"})  # points that only lay out the others


def smart_art(graphic: _Element, parts: Mapping[str, Any]) -> str:
    """The text of the SmartArt in a graphic, one point a line, in the order it was written."""
    lines: list[str] = []
    for root in _roots(graphic, f"{_DGM}relIds", f"{_R}dm", parts):
        for point in root.iter(f"{_DGM}pt"):
            if point.get("type") not in _WITHOUT_TEXT:
                lines += filter(None, (_paragraph(paragraph) for paragraph in point.iter(f"{_A}p")))
    return "\n".join(lines)


def charts(graphic: _Element, parts: Mapping[str, Any]) -> Iterator[tuple[str, list[Row]]]:
    """Each chart's title and its figures as a table: a row a category, a column a series."""
    for root in _roots(graphic, f"{_C}chart", f"{_R}id", parts):
        title = root.find(f".//{_C}chart/{_C}title")
        lines = [_paragraph(paragraph) for paragraph in title.iter(f"{_A}p")] if title is not None else []
        names: list[str] = []
        categories: dict[int, str] = {}
        values: list[dict[int, str]] = []
        for series in root.iter(f"{_C}ser"):
            names.append(" ".join(_points(series.find(f"{_C}tx")).values()))
            for kind in ("cat", "xVal"):
                categories |= _points(series.find(f"{_C}{kind}"))
            figures = series.find(f"{_C}val")
            values.append(_points(figures if figures is not None else series.find(f"{_C}yVal")))
        places = sorted(categories.keys() | {place for column in values for place in column})
        rows: list[Row] = [
            (place + 2, [categories.get(place, ""), *(column.get(place, "") for column in values)])
            for place in places
        ]
        spoken = language_of(" ".join([*lines, *names, *categories.values()]))
        header = [_CATEGORY[spoken], *names]
        yield " ".join(filter(None, lines)), [(1, header), *rows] if rows else []


def _roots(graphic: _Element, tag: str, key: str, parts: Mapping[str, Any]) -> Iterator[_Element]:
    from docx.oxml import parse_xml

    for reference in graphic.iter(tag):
        part = parts.get(reference.get(key, ""))
        if part is not None:
            yield parse_xml(part.blob)


def _paragraph(paragraph: _Element) -> str:
    return "".join(run.text or "" for run in paragraph.iter(f"{_A}t")).strip()


def _points(holder: _Element | None) -> dict[int, str]:
    """The values that were last shown, by their place; figures without the noise of binary fractions."""
    found: dict[int, str] = {}
    if holder is None:
        return found
    percent = any("%" in (code.text or "") for code in holder.iter(f"{_C}formatCode"))
    for point in holder.iter(f"{_C}pt"):
        value = point.find(f"{_C}v")
        place = point.get("idx", "")
        if value is not None and place.isdigit():
            found[int(place)] = _tidy(value.text or "", percent=percent)
    return found


def _tidy(text: str, *, percent: bool) -> str:
    try:
        number = float(text)
    except ValueError:
        return text.strip()
    if percent:
        return f"{number * 100:.12g}%"
    return format(number, ".12g") if abs(number) < 1e12 else text.strip()
