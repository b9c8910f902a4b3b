"""Presentations (pptx): each slide's title, text, tables and speaker notes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from copilot.adapters.readers.decoding import clean
from copilot.adapters.readers.drawings import charts, smart_art
from copilot.adapters.readers.outline import Outline
from copilot.adapters.readers.tables import row_sections, table_sections
from copilot.domain.materials import Document, Section

_HARDLY_ANY = 15  # characters a slide, beside pictures


def read_pptx(title: str, data: bytes) -> Document:
    import pptx

    sections: list[Section] = []
    pictures = 0
    first_title = ""
    slides = list(pptx.Presentation(io.BytesIO(data)).slides)
    for number, slide in enumerate(slides, start=1):
        named = slide.shapes.title
        heading = " ".join(_frame(named).split()) if named is not None else ""
        first_title = first_title or (heading if number == 1 else "")
        path = (heading,) if heading else ()
        found: list[Section] = []
        for shape in _shapes(slide.shapes):
            if named is not None and shape.shape_id == named.shape_id:
                continue
            pictures += _is_picture(shape)
            found.extend(_shape(shape, number, path))
            if shape.shape_type is None or getattr(shape, "has_chart", False):
                found.extend(_drawing(shape, number, path))
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = clean(slide.notes_slide.notes_text_frame.text.replace("\v", "\n")).strip()
            if notes:
                found.append(Section(text=notes, heading=path, locator={"slide": number, "notes": True}))
        if heading and not found:
            found.append(Section(text=heading, locator={"slide": number}))
        sections.extend(found)
    characters = sum(len("".join(section.text.split())) for section in sections)
    return Document(
        title=first_title or title,
        sections=tuple(sections),
        warnings=("image_only",) if pictures and characters < _HARDLY_ANY * len(slides) else (),
    )


def _shapes(shapes: Any) -> Iterator[Any]:
    """All shapes, those in groups too, without slide numbers, dates and footers."""
    from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

    furniture = (PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER)
    for shape in shapes:
        if shape.is_placeholder and shape.placeholder_format.type in furniture:
            continue
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _shape(shape: Any, number: int, path: tuple[str, ...]) -> list[Section]:
    if getattr(shape, "has_table", False):
        table = shape.table
        rows = [
            (place, [cell.text.replace("\v", "\n") for cell in row.cells])
            for place, row in enumerate(table.rows, start=1)
        ]
        return table_sections(
            rows,
            heading=path,
            locate=lambda row: {"slide": number, "row": row},
            header_marked=bool(table.first_row) and len(rows) > 1,
        )
    text = _frame(shape)
    return [Section(text=text, heading=path, locator={"slide": number})] if text else []


def _drawing(shape: Any, number: int, path: tuple[str, ...]) -> list[Section]:
    """SmartArt and charts, which keep their text in files of their own."""
    relations = shape.part.rels.items()
    parts = {name: relation.target_part for name, relation in relations if not relation.is_external}
    outline = Outline(path)
    outline.text(smart_art(shape.element, parts), {"slide": number})
    for title, rows in charts(shape.element, parts):
        outline.heading(1, title, {"slide": number})
        outline.extend(
            row_sections(rows, heading=outline.path, locate=lambda row: {"slide": number, "row": row})
        )
    return list(outline.finish())


def _frame(shape: Any) -> str:
    if not shape.has_text_frame:
        return ""
    lines = (clean(paragraph.text.replace("\v", "\n")).strip() for paragraph in shape.text_frame.paragraphs)
    return "\n".join(filter(None, lines))


def _is_picture(shape: Any) -> bool:
    from pptx.enum.shapes import MSO_SHAPE_TYPE

    return shape.shape_type == MSO_SHAPE_TYPE.PICTURE or hasattr(shape, "image")
