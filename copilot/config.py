"""Every setting, read from the environment once, by whoever composes the services."""

from __future__ import annotations

from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Config(BaseSettings):
    """Frozen. Secrets are `SecretStr`, so that no log or traceback shows them."""

    model_config = SettingsConfigDict(
        env_prefix="COPILOT_", frozen=True, extra="ignore", populate_by_name=True
    )

    data_dir: Path = Path("instance")
    database_url: str = ""
    secret_key: SecretStr = SecretStr("")
    demo: bool = False

    llm_base_url: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_model: str = ""
    llm_deadline: float = Field(default=120.0, gt=0, description="seconds for a whole draft")
    llm_at_once: int = Field(default=4, ge=1, description="calls that background work has under way together")
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
    def has_model(self) -> bool:
        return bool(self.llm_base_url or self.llm_model or self.openai_api_key.get_secret_value())
