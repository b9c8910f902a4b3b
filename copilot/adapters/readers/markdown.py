"""Markdown: front matter, heading paths, pipe tables; marks of emphasis are taken off."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import date, datetime
from typing import Any

from copilot.adapters.readers.decoding import decode
from copilot.adapters.readers.outline import Outline
from copilot.adapters.readers.tables import Row, table_sections
from copilot.domain.materials import Document
from copilot.errors import Unreadable

_FRONT = re.compile(r"---[^\S\n]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
# No pattern here searches further than a bounded stretch for its other end, so that a hostile file
# costs no more than its length.
_ATX = re.compile(r" {0,3}(#{1,6})(?:[^\S\n]+(.*))?$")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})\s*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULE = re.compile(r" {0,3}([-*_])(?:[^\S\n]*\1){2,}\s*$")
_DELIMITER_ROW = re.compile(r"\|?:?-+:?(?:\|:?-+:?)*\|?$")
_BULLET = re.compile(r"^(\s*)(?:[-*+]\s+(?:\[[ xX]\]\s+)?|(?:>\s?)+)")
_COMMENT = re.compile(r"(?<!\\)<!--.*?-->", re.DOTALL)
_IMAGE = re.compile(r"(?<!\\)!\[([^\]\n]{0,500})\]\([^)\n]*\)")
_LINK = re.compile(r"(?<!\\)\[([^\[\]\n]{1,500})\]\(<?([^)\s>]{0,2000})>?(?:\s[\"'][^)\n]{0,500})?\)")
_AUTO_LINK = re.compile(r"(?<!\\)<(https?://[^<>\s]+)>")
_TAG = re.compile(
    r"(?<!\\)</?(?:br|p|div|span|b|strong|i|em|u|font|center|sup|sub|details|summary|img|a|hr)\b[^<>]*>",
    re.IGNORECASE,
)
_STRONG = re.compile(r"(?<!\\)(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*\\])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_STRUCK = re.compile(r"(?<!\\)~~(?=\S)([^\n]{1,500}?)(?<=\S)~~")
_CODE = re.compile(r"(?<![`\\])(`{1,3})(?!`)([^`\n]+)\1")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~<>])")


def read_markdown(title: str, data: bytes) -> Document:
    """Front matter becomes `meta`, plain values with dates as ISO text; its `title` or a heading names it."""
    text = decode(data)
    meta, body_at = _front_matter(text)
    body = _uncommented(text[body_at:])
    outline = Outline()
    first = _blocks(body.split("\n"), text.count("\n", 0, body_at) + 1, outline)
    named = meta.get("title")
    return Document(
        title=named.strip() if isinstance(named, str) and named.strip() else first or title,
        sections=outline.finish(),
        meta=meta,
    )


def _uncommented(text: str) -> str:
    """Without comments, line for line; one that is never closed is text."""
    closed = text.rfind("-->") + 3
    return _COMMENT.sub(lambda match: "\n" * match.group().count("\n"), text[:closed]) + text[closed:]


def _front_matter(text: str) -> tuple[dict[str, Any], int]:
    match = _FRONT.match(text)
    if match is None:
        return {}, 0
    import yaml

    class Plain(yaml.SafeLoader):
        """Safe YAML without aliases, by which a few lines could unfold into gigabytes."""

        def compose_node(self, parent: yaml.Node | None, index: Hashable) -> yaml.Node | None:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("aliases are not taken")
            node: yaml.Node | None = super().compose_node(parent, index)  # type: ignore[arg-type]
            return node

    try:
        loaded = yaml.load(match.group(1), Loader=Plain)  # noqa: S506 - a SafeLoader, only stricter
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        mark = getattr(exc, "problem_mark", None)
        # Without its front matter a material would lose its window and never expire, so it is refused.
        raise Unreadable("front_matter", line=mark.line + 2 if mark else 1) from exc
    if loaded is None:
        return {}, match.end()
    if not isinstance(loaded, dict):
        if "\n\n" in match.group(1) or not isinstance(loaded, str):
            raise Unreadable("front_matter", line=1)
        return {}, 0  # prose between two rules, not front matter
    return {str(key): _plain(value) for key, value in loaded.items()}, match.end()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _blocks(lines: list[str], first_line: int, outline: Outline) -> str:
    """Fills the outline and returns the first heading's text."""
    first_heading = ""
    paragraph: list[str] = []
    begun = 0
    fence = ""

    def close() -> None:
        if paragraph:
            outline.text(_inline("\n".join(paragraph)), {"line": begun + first_line})
            paragraph.clear()

    at = 0
    while at < len(lines):
        line = lines[at]
        opened = _FENCE.match(line)
        if fence or opened:
            # Code is kept as it is, without its fences.
            if opened and not fence:
                close()
                fence = opened.group(1)
            elif line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            else:
                outline.text(line, {"line": at + first_line})
            at += 1
            continue
        heading = _ATX.match(line)
        setext = _SETEXT.match(line) if len(paragraph) == 1 and not _BULLET.match(paragraph[0]) else None
        table_end = _table_end(lines, at)
        if heading or setext:
            if setext:
                place, text = begun, _inline(paragraph.pop())
                level = 1 if setext.group(1)[0] == "=" else 2
            elif heading:
                close()
                place, text, level = at, _inline(_heading(heading.group(2) or "")), len(heading.group(1))
            outline.heading(level, text, {"line": place + first_line})
            first_heading = first_heading or text.strip()
        elif table_end:
            close()
            numbers = (at, *range(at + 2, table_end))
            rows: list[Row] = [(number + first_line, _cells(lines[number])) for number in numbers]
            outline.extend(
                table_sections(
                    rows, heading=outline.path, locate=lambda number: {"line": number}, header_marked=True
                )
            )
            at = table_end
            continue
        elif not line.strip() or _RULE.match(line):
            close()
        else:
            if not paragraph:
                begun = at
            paragraph.append(line)
        at += 1
    close()
    return first_heading


def _heading(text: str) -> str:
    """A heading without the hashes that may close it ("## Tea ##")."""
    bare = text.strip()
    opened = bare.rstrip("#")
    return opened.rstrip() if opened != opened.rstrip() or not opened else bare


def _table_end(lines: list[str], at: int) -> int:
    """The line after the pipe table that begins here, or 0."""
    if "|" not in lines[at] or at + 1 >= len(lines) or "|" not in lines[at + 1]:
        return 0
    columns = len(_cells(lines[at]))
    if not _DELIMITER_ROW.match("".join(lines[at + 1].split())) or len(_cells(lines[at + 1])) != columns:
        return 0
    end = at + 2
    while end < len(lines) and "|" in lines[end] and lines[end].strip():
        end += 1
    return end


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [_inline(cell.replace("\\|", "|")).strip() for cell in re.split(r"(?<!\\)\|", inner)]


def _inline(text: str) -> str:
    """Readable text of inline markup, line for line; a web link keeps its address in brackets."""
    text = "\n".join(_BULLET.sub(r"\1", line).rstrip() for line in text.split("\n"))
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(_link, text)
    text = _AUTO_LINK.sub(r"\1", text)
    text = _TAG.sub(lambda tag: " " if tag.group().lower().startswith("<br") else "", text)
    for pattern, kept in ((_STRONG, r"\2"), (_EMPHASIS, r"\2"), (_STRUCK, r"\1"), (_CODE, r"\2")):
        text = pattern.sub(kept, text)
    return _ESCAPE.sub(r"\1", text)


def _link(match: re.Match[str]) -> str:
    label, address = match.groups()
    return (
        f"{label} ({address})" if address.startswith(("http://", "https://")) and address != label else label
    )
