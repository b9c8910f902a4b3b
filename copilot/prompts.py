"""Prompts as files with a contract: front matter names inputs and output, and both sides must keep it."""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from copilot import plainyaml
from copilot.errors import MissingVariable, PromptError, UnknownPrompt

_VARIABLE = re.compile(r"\$(?:[a-z_]+|\{[a-z_]+\})")
_KEYS = frozenset({"version", "inputs", "output", "purpose"})


@dataclass(frozen=True)
class Prompt:
    """One prompt file. `hash` is SHA-256 over the whole file: what a draft records as its origin."""

    name: str
    version: int
    purpose: str
    inputs: tuple[str, ...]
    output: str
    body: str
    hash: str

    @property
    def fixed(self) -> tuple[str, ...]:
        """What the file says to every model, between its variables."""
        return tuple(_VARIABLE.split(self.body))

    def render(self, **values: Any) -> str:
        """The text with every `$name` filled in; MissingVariable unless exactly the contract's inputs are given."""
        missing = sorted(set(self.inputs) - values.keys())
        extra = sorted(values.keys() - set(self.inputs))
        if missing or extra:
            raise MissingVariable(self.name, f"missing: {missing}, not in the contract: {extra}")
        return string.Template(self.body).substitute(values)


class Prompts:
    """All prompts of a folder, by their path without the ending, such as `tasks/draft.zh`."""

    def __init__(self, prompts: Mapping[str, Prompt]) -> None:
        self._prompts = dict(prompts)

    @classmethod
    def load(cls, folder: Path) -> Prompts:
        files = sorted(path for path in folder.rglob("*.md") if path.name != "README.md")
        return cls({prompt.name: prompt for prompt in (_read(folder, path) for path in files)})

    def __getitem__(self, name: str) -> Prompt:
        try:
            return self._prompts[name]
        except KeyError:
            raise UnknownPrompt(name, "no such file") from None

    def __iter__(self) -> Any:
        return iter(self._prompts.values())


def _read(folder: Path, path: Path) -> Prompt:
    name = path.relative_to(folder).with_suffix("").as_posix()
    content = path.read_text(encoding="utf-8")
    try:
        _, head, body = content.split("---\n", 2)
        meta = plainyaml.read(head)
    except (ValueError, yaml.YAMLError) as exc:
        raise PromptError(name, "no front matter between two lines of ---") from exc
    if not isinstance(meta, dict) or meta.keys() != _KEYS:
        raise PromptError(name, f"front matter needs exactly {sorted(_KEYS)}")
    inputs = tuple(meta["inputs"] or ())
    used = set(string.Template(body).get_identifiers())
    if used != set(inputs):
        raise PromptError(name, f"contract {sorted(inputs)} and text {sorted(used)} differ")
    return Prompt(
        name=name,
        version=int(meta["version"]),
        purpose=str(meta["purpose"]),
        inputs=inputs,
        output=str(meta["output"]),
        body=body.strip() + "\n",
        hash=hashlib.sha256(content.encode("utf-8")).hexdigest(),
    )
