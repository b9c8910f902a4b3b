"""Every setting, read from the environment once, by whoever composes the services."""

from __future__ import annotations

from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Config(BaseSettings):
    """Frozen. Secrets are `SecretStr`, so that no log or traceback shows them."""

    model_config = SettingsConfigDict(
        env_prefix="COPILOT_", env_ignore_empty=True, frozen=True, extra="ignore", populate_by_name=True
    )

    data_dir: Path = Path("instance")
    database_url: str = ""
    secret_key: SecretStr = SecretStr("")
    demo: bool = False

    llm_base_url: str = Field(default="", description="or a preset's short name, such as deepseek")
    llm_api_key: SecretStr = SecretStr("")
    llm_model: str = ""
    llm_deadline: float = Field(default=120.0, gt=0, description="seconds for a whole draft")
    llm_at_once: int = Field(default=4, ge=1, description="calls that background work has under way together")
    llm_gguf: Path | None = Field(default=None, description="a model's file on this machine")
    llm_gguf_context: int = Field(
        default=8192, ge=512, description="tokens that one draft may read and write"
    )
    llm_gguf_parallel: int = Field(default=2, ge=1, description="drafts that it writes at the same time")
    llm_gguf_threads: int = Field(default=0, ge=0, description="0: half of the cores")
    llm_price_input: float | None = Field(default=None, ge=0, description="of a million tokens read")
    llm_price_output: float | None = Field(default=None, ge=0, description="of a million tokens written")
    llm_currency: str = Field(default="", description="of these prices, such as CNY")
    openai_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key")
    )

    embedding_base_url: str = ""
    embedding_api_key: SecretStr = SecretStr("")
    embedding_model: str = ""

    tick_seconds: float = Field(default=5.0, gt=0, description="between two looks at what is due")
    password_cost: int = Field(default=3, ge=1, description="argon2 time cost; tests lower it")
    password_memory: int = Field(default=65_536, ge=64, description="argon2 memory in KiB; tests lower it")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'copilot.db').absolute()}"

    @property
    def at_once(self) -> int:
        """Calls of background work; a model on this machine keeps one place free for whoever waits for a draft."""
        if self.llm_gguf is None:
            return self.llm_at_once
        return min(self.llm_at_once, max(1, self.llm_gguf_parallel - 1))

    @property
    def has_model(self) -> bool:
        return bool(
            self.llm_gguf or self.llm_base_url or self.llm_model or self.openai_api_key.get_secret_value()
        )
