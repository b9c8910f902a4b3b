"""Embeddings from any OpenAI-compatible service, through LangChain."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from copilot.adapters.llm.failures import translated


class OpenAIEmbedder:
    def __init__(self, *, base_url: str, api_key: str, model: str, timeout: float = 30.0) -> None:
        self._settings = {
            "base_url": base_url or None,
            "api_key": api_key,
            "model": model,
            "timeout": timeout,
        }
        self.name = f"{base_url or 'openai'}:{model}"

    @cached_property
    def _client(self) -> Any:
        from langchain_openai import OpenAIEmbeddings

        # The length check would fetch a tokenizer file from the network at run time.
        return OpenAIEmbeddings(**self._settings, check_embedding_ctx_length=False)  # type: ignore[arg-type]

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        with translated("embedding"):
            return [list(vector) for vector in self._client.embed_documents(list(texts))]

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        # These services know no other way for what is asked.
        return self.passages(texts)
