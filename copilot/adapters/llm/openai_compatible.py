"""Copy from any OpenAI-compatible model, streamed through a LangChain chain."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from copilot.adapters.llm.breaker import Breaker
from copilot.adapters.llm.cleansing import Cleanser
from copilot.adapters.llm.failures import translated
from copilot.adapters.llm.pauses import pause
from copilot.adapters.llm.unwrapping import Unwrapper
from copilot.domain.drafts import Answer, Assignment, Delta, Finished, WriterEvent
from copilot.domain.endpoints import (
    OPENAI,
    OPTIONAL,
    REPETITION,
    TEMPERATURE,
    USAGE,
    likely,
    preset_of,
    resolved,
    shown,
)
from copilot.errors import ExternalError, Permanent, Retryable
from copilot.ports import Heard

_TEMPERATURE = 0.5  # Lively enough for a second draft to differ, low enough to stay with the passages.
_REPETITION = 0.4  # A small model falls into saying one sentence for ever; this lets it out.
_CONNECT_SECONDS = 10.0
_IDLE_SECONDS = 60.0  # How long a connection waits for the next draft.
_PATIENCE = 5.0  # Of somebody who waits for an answer.
_THINKING_TOKENS = 4000
_NEWER_NAME = "max_completion_tokens"
_WORTH_REPEATING = frozenset({"rate_limited", "unavailable", "cut"})
_WRONG_PLACE = frozenset({"not_found", "nonsense"})


@dataclass(frozen=True)
class _Manner:
    """How to ask. `without` is what this server refuses, `max_tokens` its name for the limit of an answer.

    `roomy` adds tokens for a model that thinks before it writes and is billed for both as one.
    """

    without: frozenset[str] = frozenset()
    max_tokens: str = "max_tokens"
    roomy: bool = False

    def mended(self, exc: ExternalError) -> _Manner | None:
        """How to ask instead after this refusal; None where asking otherwise would not help."""
        if exc.reason == "empty" and exc.values.get("finish") == "length" and not self.roomy:
            return replace(self, roomy=True)
        if exc.reason != "bad_request":
            return None
        said = str(exc.values.get("detail", ""))
        if _NEWER_NAME in said and self.max_tokens != _NEWER_NAME:
            return replace(self, max_tokens=_NEWER_NAME)
        sent = OPTIONAL - self.without
        named = {name for name in sent if any(word in said for word in _SAYING[name])}
        return replace(self, without=self.without | (named or sent)) if sent else None


# By these words a server's refusal names the parameter that it means.
_SAYING = {
    TEMPERATURE: (TEMPERATURE,),
    REPETITION: (REPETITION, "Penalty", "penalty"),
    USAGE: (USAGE, "include_usage"),
}


@dataclass(frozen=True)
class _Question:
    """What is asked, and how freely it may be answered."""

    system: str
    prompt: str
    max_tokens: int
    temperature: float = _TEMPERATURE
    repetition: float = _REPETITION
    patience: float = _PATIENCE
    heard: Heard | None = None


class ChatWriter:
    """One client for all drafts and answers, so that connections are used again; safe to share between threads.

    `base_url` may be a preset's short name. `deadline` is the time in seconds for a whole draft, waits and
    further tries included.
    """

    is_model = True

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        model: str,
        deadline: float,
        sleep: Callable[[float], None] = time.sleep,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = model
        self._base_url = resolved(base_url) or OPENAI.base_url
        self._api_key = api_key or "none"
        self._deadline = deadline
        self._sleep = sleep
        self._breaker = breaker or Breaker()
        preset = preset_of(self._base_url)
        self._manner = _Manner(preset.refuses, preset.max_tokens) if preset else _Manner()
        self._chain: Any = None
        self._chain_to = ("", "")
        self._building = threading.Lock()

    def warm(self) -> None:
        """Does the slow imports and builds the client, so that the first draft need not; opens nothing."""
        self._built(self._address(0.0))

    def write(self, assignment: Assignment) -> Iterator[WriterEvent]:
        """Yields the copy as it comes. Before the first piece, what can be mended by asking otherwise is."""
        question = _Question(
            assignment.system, assignment.prompt, assignment.max_tokens, patience=assignment.patience
        )
        unwrapper = Unwrapper()
        with closing(self._told(question)) as events:
            for event in events:
                if isinstance(event, Delta):
                    if text := unwrapper.feed(event.text):
                        yield Delta(text)
                    continue
                try:
                    rest = unwrapper.flush()
                except (ValueError, RecursionError) as exc:
                    raise Permanent(self.name, "nonsense") from exc
                if rest:
                    yield Delta(rest)
                yield event

    def answer(self, system: str, prompt: str, *, max_tokens: int, heard: Heard | None = None) -> Answer:
        """The whole answer to one question about a material, as soberly as the model can."""
        question = _Question(system, prompt, max_tokens, temperature=0.0, repetition=0.0, heard=heard)
        text, usage, began, first = "", {}, time.monotonic(), 0.0
        with closing(self._told(question)) as events:
            for event in events:
                if isinstance(event, Delta):
                    first = first or time.monotonic() - began
                    text += event.text
                    if heard is not None:
                        heard(text)
                    if "\n" in event.text and _circles(text):
                        break
                else:
                    usage = dict(event.usage)
        return Answer(text, usage, first)

    def close(self) -> None:
        """Closes its connections; the next draft would open others."""
        with self._building:
            self._let_go()

    def _address(self, seconds: float) -> tuple[str, str]:
        """Where the model answers, and the key for it. A subclass may have to start it: within these seconds."""
        return self._base_url, self._api_key

    def _told(self, question: _Question) -> Generator[WriterEvent]:
        until = time.monotonic() + self._deadline
        manner, tries = self._manner, 1
        while True:
            begun = False
            if question.heard is not None:
                question.heard("")
            self._breaker.require(self.name)
            try:
                for event in self._ask(question, manner, until):
                    begun = True
                    yield event
                self._breaker.note(reached=True)
                self._manner = manner
                return
            except ExternalError as exc:
                self._breaker.note(reached=exc.reason != "unreachable")
                if begun:
                    raise
                mended = manner.mended(exc)
                if mended is not None:
                    manner = mended
                elif exc.reason in _WORTH_REPEATING:
                    self._wait(exc, tries, question.patience, until)
                    tries += 1
                else:
                    self._require_place(exc)
                    raise

    def _wait(self, exc: ExternalError, tries: int, patience: float, until: float) -> None:
        """Pauses before another try; raises where there is to be none."""
        seconds = pause(
            tries,
            exc.after if isinstance(exc, Retryable) else None,
            patience=patience,
            left=until - time.monotonic(),
            chance=random.random(),  # noqa: S311 - it spreads callers, it guards nothing
        )
        if seconds is None:
            raise exc
        self._sleep(seconds)

    def _require_place(self, exc: ExternalError) -> None:
        """Names the address that was probably meant, where what came back speaks for a wrong one."""
        meant = likely(self._base_url) if exc.reason in _WRONG_PLACE else None
        if meant is not None:
            raise Permanent(self.name, "wrong_address", address=shown(self._base_url), likely=meant) from exc

    def _ask(self, question: _Question, manner: _Manner, until: float) -> Iterator[WriterEvent]:
        """One call. Nothing is yielded before there is visible text."""
        cleanser = Cleanser()
        finish, written = "", False
        usage: dict[str, Any] = {}
        with translated(self.name):
            stream = self._stream(question, manner, until)
        with closing(stream):
            while True:
                with translated(self.name):
                    chunk = next(stream, None)
                if chunk is None:
                    break
                finish = chunk.response_metadata.get("finish_reason") or finish
                usage = dict(chunk.usage_metadata or usage)
                text = cleanser.feed(chunk.text)
                if text:
                    written = True
                    yield Delta(text)
        if not finish:
            raise Retryable(self.name, "cut")
        rest = cleanser.flush()
        if rest.strip():
            written = True
            yield Delta(rest)
        if not written:
            raise Retryable(self.name, "empty", finish=finish)
        yield Finished(finish, usage)

    def _stream(self, question: _Question, manner: _Manner, until: float) -> Any:
        import httpx2

        prompt, model = self._built(self._address(until - time.monotonic()))
        left = max(0.01, until - time.monotonic())
        tokens = question.max_tokens + (_THINKING_TOKENS if manner.roomy else 0)
        options: dict[str, Any] = {
            "timeout": httpx2.Timeout(left, connect=min(left, _CONNECT_SECONDS)),
            # LangChain would always send OpenAI's newer name for it, which few other servers know.
            "extra_body": {manner.max_tokens: tokens},
            "stream_usage": USAGE not in manner.without,
        }
        wishes = {TEMPERATURE: question.temperature, REPETITION: question.repetition}
        options |= {name: value for name, value in wishes.items() if name not in manner.without}
        chain = prompt | model.bind(**options)
        return chain.stream({"system": question.system, "prompt": question.prompt})

    def _built(self, address: tuple[str, str]) -> Any:
        with self._building:
            if self._chain is None or self._chain_to != address:
                self._let_go()
                self._chain, self._chain_to = self._build(*address), address
            return self._chain

    def _let_go(self) -> None:
        if self._chain is not None:
            _, model = self._chain
            model.root_client.close()
            self._chain = None

    def _build(self, base_url: str, api_key: str) -> Any:
        import httpx2
        from langchain.chat_models import init_chat_model
        from langchain_core.prompts import ChatPromptTemplate

        from copilot.adapters.llm.bounded import BoundedClient

        model = init_chat_model(
            self.name,
            model_provider="openai",
            base_url=base_url,
            api_key=api_key,
            max_retries=0,
            use_responses_api=False,
            http_client=BoundedClient(limits=httpx2.Limits(keepalive_expiry=_IDLE_SECONDS)),
        )
        prompt = ChatPromptTemplate.from_messages([("system", "{system}"), ("human", "{prompt}")])
        return prompt, model


def _circles(text: str) -> bool:
    """Whether a weak model has begun to say its lines again, which it would do until its tokens are gone."""
    lines = [line for line in text.split("\n")[:-1] if line.strip()]
    return len(lines) > len(set(lines))
