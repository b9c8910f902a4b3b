"""Markup: what a browser, a shell or a database would read, and no member of a community."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.messages import Message

_MARKUP = re.compile(
    r"<[/!]?[a-z][a-z0-9]{0,12}(?:[\s/][^<>\n]{0,200})?>"  # a tag of HTML
    r"|&(?:lt|gt|amp|quot|nbsp|#\d{2,6}|#x[0-9a-f]{2,6});"
    r"|!?\[[^\]\n]{0,120}\]\([^)\n]{1,300}\)"  # a link or a picture of Markdown
    r"|\b(?:javascript|vbscript|data):[^\s，。]{2,}|\bon(?:error|load|click|mouse\w+)\s?=\s?\S"
    r"|```|^\s*(?:def \w+\(|import \w+$|from \w+ import|#!/|<\?php|function \w*\()|\bconsole\.log\(|\bprint\([\"'\w]"
    r"|\b(?:(?-i:SELECT\b.{1,60}\bFROM)|insert into \w+ ?(?:\(|values)|drop table \w+|(?-i:DELETE FROM)|union select)|\bor 1\s?=\s?1\b|';\s?\w+|@@\w+|\s--\s*$"
    r"|\b(?:system|exec|eval|popen|subprocess\.\w+)\s?\(|\bsystem \"|\brm -rf\b|\$\([^)\n]{2,80}\)|@\{\[|\bmysqli?_\w+|\$\w+\s?=\s",
    re.IGNORECASE | re.MULTILINE,
)


def markup(text: str) -> tuple[Finding, ...]:
    """Blocks tags, entities, links of Markdown and code: a channel shows them as they stand, or worse, obeys."""
    return tuple(_find(text))


def _find(text: str) -> Iterator[Finding]:
    for match in _MARKUP.finditer(text):
        reason = Message("finding.structure.markup", {"found": match[0].strip()})
        yield Finding(Check.STRUCTURE, "markup", Severity.BLOCK, *match.span(), match[0], reason)
