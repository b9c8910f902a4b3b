"""What a model puts around copy (`[n]` markers, fences, preambles, Markdown), and how it is taken away."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from copilot.domain.sentences import language_of, sentences

_WORD = r"(?:素材|段落|资料|来源|passages?|sources?|ref\.?)"
_ONE = rf"\^?{_WORD}?[ \t]*(?:\d{{1,2}}|n)"
_MANY = rf"{_ONE}(?:(?:[ \t]*(?:[,，、;；&~–-]|和|and)[ \t]*|[ \t]+){_ONE})*"
_MARK = (
    rf"(?:[\[【［][ \t]*{_MANY}[ \t]*[\]】］]"
    rf"|[（(][ \t]*(?=\^?{_WORD}){_MANY}[ \t]*[)）]"
    r"|<{3}[^<>\n]{1,120}>{3})"
)
_SPACE = "[ \t\u3000]"
_RUN = re.compile(rf"{_SPACE}*(?:{_MARK}{_SPACE}*)+", re.I)
# The end of a text that may still become a marker, with the space before it; it always matches.
_DOUBT = re.compile(
    rf"{_SPACE}*(?:{_MARK}{_SPACE}*)*"
    r"(?:[\[【［（(][ \t\d,，、;；&~–^素材段落资料来源和pasgeourcfnd.-]{0,32}"
    r"|<{1,3}|<{3}[^<>\n]{1,120}>{0,2})?$",
    re.I,
)

_THOUGHT = re.compile(r"\A.*</think>", re.S)
_FENCE_LINE = re.compile(r"^[ \t]*```[ \t]*[\w+-]{0,16}[ \t]*$\n?", re.M)
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+", re.M)
_BOLD = re.compile(r"(\*\*|(?<!_)__(?!_))(?=\S)([^\n]*?\S)\1(?!_)")
_BULLET = re.compile(r"^[ \t]*[*•-][ \t]+(?=\S)", re.M)
_RULE = re.compile(r"^[ \t]*(?:[-*_=][ \t]*){3,}$\n?", re.M)
_HOLLOW = re.compile(r"（[ \t]*）|\([ \t]*\)|【[ \t]*】|\[[ \t]*\]")
_ANNOUNCED = re.compile(
    r"\A(?:(?:好的|好呀|当然|没问题|以下是|下面是|这是|这里是|根据)[^\n。！？!?]{0,60}[：:]"
    r"|(?:好的|当然可以|没问题)[，,！!。][^\n]{0,40}[：:]"
    r"|(?:sure|certainly|of course|okay|ok|absolutely|here(?:['’]s| is| are))\b[^\n]{0,80}:)[ \t]*\n+",
    re.I,
)
# "Understood." to whoever gave the task; readers have said nothing yet that could be.
_NODDED = re.compile(
    r"(?:(?<=[。！？!?\n])|\A)[ \t]*(?:好的|明白|收到|没问题)[，,、。！!]?"
    r"(?:我?(?:已经?)?(?:明白|知道|了解|理解|记住)了?|我会(?:照做|按照?[^。！!\n]{0,20}))[。！!]"
    r"|(?:(?<=[.!?\n])|\A)[ \t]*(?:understood|got it|(?:okay|ok|sure|certainly)[,.!] (?:I understand|I will follow[^.!\n]{0,40}))[.!]",
    re.I,
)
_LABEL = re.compile(
    r"\A(?:【(?:正文|文案)】[：:]?\s*|(?:文案|正文|内容|草稿|最终文案|文案正文|(?:修改|改写|改好)(?:以?后)?的?(?:完整)?(?:文案|正文)?"
    r"|(?:the )?(?:(?:final|mended|revised) )?(?:post|copy|draft|text|message))[ \t]*[：:][ \t]*\n*)",
    re.I,
)
_COUNTED = re.compile(
    r"\n+[ \t]*[（(\[【]?(?:共|全文|总?字数)[^\n]{0,16}\d+[^\n]{0,8}[)）\]】]?[ \t]*\Z"
    r"|\n+[ \t]*[(\[]?(?:word count[^\n]{0,12}|\d+ words)[)\]]?[ \t]*\Z",
    re.I,
)
_TWICE = re.compile(r"(?<!。)。。(?!。)")
_LOOSE = re.compile(rf"(?<=[。！？；]){_SPACE}+(?=[\u4e00-\u9fff])")
_ENDS = "。！？.!?…”」』)）"
_COPY_KEYS = frozenset(
    {"copy", "post", "text", "content", "message", "body", "draft", "reply", "answer", "文案", "正文", "内容"}
)
_LONG_ENOUGH = 8  # Letters of a sentence that nobody repeats on purpose.
_QUOTES = (("“", "”"), ("「", "」"), ("『", "』"), ("‘", "’"), ('"', '"'), ("'", "'"), ("`", "`"))


class CopyStream:
    """Takes markers out of copy as it streams, also those that arrive in two pieces.

    Only an end that may still become a marker waits; ordinary brackets such as [抱拳] pass.
    """

    def __init__(self) -> None:
        self._held = ""
        self._line_begins = True

    def feed(self, delta: str) -> str:
        text = self._held + delta
        doubt = _DOUBT.search(text)
        cut = doubt.start() if doubt else len(text)
        self._held = text[cut:]
        return self._plain(text[:cut])

    def flush(self) -> str:
        text, self._held = self._held, ""
        return self._plain(text).rstrip(" \t\u3000")

    def _plain(self, text: str) -> str:
        if not text:
            return ""

        def gap(run: re.Match[str]) -> str:
            begins = self._line_begins if run.start() == 0 else text[run.start() - 1] == "\n"
            return "" if begins or not run.group()[-1].isspace() else " "

        plain = _RUN.sub(gap, text)
        if plain:
            self._line_begins = plain.endswith("\n")
        return plain


def unmarked(text: str) -> str:
    """The text without its markers, as `CopyStream` would have passed it on."""
    stream = CopyStream()
    return stream.feed(text) + stream.flush()


def clean(text: str, labels: Sequence[str] = ()) -> str:
    """Copy as it can be sent: without markers, fences, preamble, Markdown or quotes around the whole.

    `labels` are names from the prompt, such as the parts of a column: a weak model heads its lines with them.
    """
    text = unpacked(_FENCE_LINE.sub("", _THOUGHT.sub("", text)).strip())
    text = unmarked(text).strip()
    text = _RULE.sub("", text)
    text = _BOLD.sub(r"\2", _HEADING.sub("", text))
    text = _BULLET.sub("", text).strip()
    text = _LABEL.sub("", _NODDED.sub("", _ANNOUNCED.sub("", text)).lstrip())
    text = _COUNTED.sub("", _unquoted(text))
    if names := "|".join(re.escape(label.replace("_", " ")) for label in labels if label):
        headed = rf"^[ \t]*(?:[【\[](?:{names})[】\]][ \t]*(?:[：:]|$\n?)|(?:{names})[ \t]*[：:])[ \t]*"
        text = re.sub(headed, "", text, flags=re.I | re.M)
    text = _LOOSE.sub("", _TWICE.sub("。", _HOLLOW.sub("", text)))
    lines = [line.rstrip() for line in _once(text).strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def finished(text: str) -> str:
    """Copy whose writer ran out of tokens, up to its last whole sentence; all of it where there is none."""
    spans = sentences(text, language_of(text))
    whole = [end for _, end in spans if text[end - 1] in _ENDS]
    return text[: whole[-1]] if whole else text


def unpacked(text: str) -> str:
    """The copy of an answer that is JSON although nobody asked for it: its only string, or the one named as copy.

    Other JSON is left as it is.
    """
    found = data(text)
    if isinstance(found, dict):
        named = [value for key, value in found.items() if str(key).casefold() in _COPY_KEYS]
        found = named[0] if len(named) == 1 else list(found.values())
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    return found.strip() if isinstance(found, str) else text


def data(text: str) -> Any:
    """An object or a list, where the whole text is one in JSON; None for everything else."""
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _once(text: str) -> str:
    """Each longer sentence only where it is said first: a weak model goes round in circles."""
    said: set[str] = set()
    kept: list[str] = []
    end = 0
    for start, stop in sentences(text, language_of(text)):
        words = re.sub(r"[\W_]+", "", text[start:stop]).casefold()
        again = len(words) >= _LONG_ENOUGH and words in said
        if stop == len(text) and text[-1].isalnum():
            again = again or any(before.startswith(words) for before in said)  # Cut off in one more round.
        said.add(words)
        kept.append(re.sub(r"[^\n]", "", text[end:start]) if again else text[end:stop])
        end = stop
    return "".join([*kept, text[end:]])


def _unquoted(text: str) -> str:
    text = text.strip()
    for left, right in _QUOTES:
        inner = text[1:-1]
        wrapped = len(text) > 2 and text.startswith(left) and text.endswith(right)
        if wrapped and left not in inner and right not in inner:
            return inner.strip()
    return text
