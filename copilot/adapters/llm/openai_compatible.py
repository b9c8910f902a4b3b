"""Copy from any OpenAI-compatible model, streamed through a LangChain chain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from copilot.adapters.llm.cleansing import Cleanser
from copilot.adapters.llm.failures import translated
from copilot.domain.drafts import Answer, Assignment, Delta, Finished, WriterEvent
from copilot.errors import ExternalError, Retryable

_OPENAI = "https://api.openai.com/v1"
_TEMPERATURE = 0.5  # Lively enough for a second draft to differ, low enough to stay with the passages.
_REPETITION = 0.4  # A small model falls into saying one sentence for ever; this lets it out.
_CONNECT_SECONDS = 10.0
_IDLE_SECONDS = 60.0  # How long a connection waits for the next draft.
_BACKOFF_SECONDS = 0.5
_LONGEST_WAIT = 5.0  # A service that wants a longer pause gets none from a person who is watching.
_THINKING_TOKENS = 4000
_WORTH_REPEATING = frozenset({"rate_limited", "unavailable", "cut"})


@dataclass(frozen=True)
class _Manner:
    """How to ask. `bare` leaves out what some servers refuse: usage in streams, and how to choose words.

    `roomy` adds tokens for a model that thinks before it writes and is billed for both as one.
    """

    bare: bool = False
    roomy: bool = False


@dataclass(frozen=True)
class _Question:
    """What is asked, and how freely it may be answered."""

    system: str
    prompt: str
    max_tokens: int
    temperature: float = _TEMPERATURE
    repetition: float = _REPETITION


class ChatWriter:
    """One client for all drafts and answers, so that connections are used again; safe to share between threads.

    `deadline` is the time in seconds for a whole draft, waits and second tries included.
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
    ) -> None:
        self.name = model
        self._base_url = base_url or _OPENAI
        self._api_key = api_key or "none"
        self._deadline = deadline
        self._sleep = sleep
        self._manner = _Manner()
        self._chain: Any = None
        self._building = threading.Lock()

    def warm(self) -> None:
        """Does the slow imports and builds the client, so that the first draft need not; opens nothing."""
        self._built()

    def write(self, assignment: Assignment) -> Iterator[WriterEvent]:
        """Yields the copy as it comes. Before the first piece, what can be mended by asking otherwise is."""
        return self._told(_Question(assignment.system, assignment.prompt, assignment.max_tokens))

    def answer(self, system: str, prompt: str, *, max_tokens: int) -> Answer:
        """The whole answer to one question about a material, as soberly as the model can."""
        question = _Question(system, prompt, max_tokens, temperature=0.0, repetition=0.0)
        text, usage = "", {}
        with closing(self._told(question)) as events:
            for event in events:
                if isinstance(event, Delta):
                    text += event.text
                    if "\n" in event.text and _circles(text):
                        break
                else:
                    usage = dict(event.usage)
        return Answer(text, usage)

    def _told(self, question: _Question) -> Generator[WriterEvent]:
        until = time.monotonic() + self._deadline
        manner, waited = self._manner, False
        while True:
            begun = False
            try:
                for event in self._ask(question, manner, until):
                    begun = True
                    yield event
                self._manner = manner
                return
            except ExternalError as exc:
                if begun:
                    raise
                if exc.reason == "bad_request" and not manner.bare:
                    manner = replace(manner, bare=True)
                elif exc.reason == "empty" and exc.values.get("finish") == "length" and not manner.roomy:
                    manner = replace(manner, roomy=True)
                elif exc.reason in _WORTH_REPEATING and not waited:
                    waited = True
                    self._wait(exc, until)
                else:
                    raise

    def _wait(self, exc: ExternalError, until: float) -> None:
        """Pauses as long as the service wishes; raises if that is longer than a person waits."""
        wish = exc.after if isinstance(exc, Retryable) else None
        pause = _BACKOFF_SECONDS if wish is None else wish
        if pause > _LONGEST_WAIT or time.monotonic() + pause >= until:
            raise exc
        self._sleep(pause)

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

        left = max(0.01, until - time.monotonic())
        prompt, model = self._built()
        tokens = question.max_tokens + (_THINKING_TOKENS if manner.roomy else 0)
        options: dict[str, Any] = {"timeout": httpx2.Timeout(left, connect=min(left, _CONNECT_SECONDS))}
        if self._base_url == _OPENAI:
            options["max_tokens"] = tokens
        else:
            # LangChain would send OpenAI's newer name for it, which few other servers know.
            options["extra_body"] = {"max_tokens": tokens}
        if not manner.bare:
            options |= {
                "stream_usage": True,
                "temperature": question.temperature,
                "frequency_penalty": question.repetition,
            }
        chain = prompt | model.bind(**options)
        return chain.stream({"system": question.system, "prompt": question.prompt})

    def _built(self) -> Any:
        with self._building:
            if self._chain is None:
                self._chain = self._build()
            return self._chain

    def _build(self) -> Any:
        import httpx2
        from langchain.chat_models import init_chat_model
        from langchain_core.prompts import ChatPromptTemplate

        from copilot.adapters.llm.bounded import BoundedClient

        model = init_chat_model(
            self.name,
            model_provider="openai",
            base_url=self._base_url,
            api_key=self._api_key,
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
