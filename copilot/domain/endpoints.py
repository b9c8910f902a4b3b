"""Well-known model services by address: what to set for each, what each refuses, and which address was meant."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

TEMPERATURE, REPETITION, USAGE = "temperature", "frequency_penalty", "stream_options"
OPTIONAL = frozenset({TEMPERATURE, REPETITION, USAGE})
"""What a request may do without: copy is a little worse for it, or its cost stays unknown."""

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_COMPLETIONS = "/chat/completions"


@dataclass(frozen=True)
class Preset:
    """A service that speaks OpenAI's protocol. `model` is an example that it offered when this was written.

    `elsewhere` are addresses of the same service for other regions, which want keys of their own.
    `key_page` is where its keys are made; empty for a program on one's own machine, which wants none.
    `refuses` names parameters that it answers with an error, `max_tokens` how it calls the limit of an answer.
    """

    slug: str
    base_url: str
    model: str
    key_page: str = ""
    elsewhere: tuple[str, ...] = ()
    refuses: frozenset[str] = frozenset()
    max_tokens: str = "max_tokens"

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.base_url, *self.elsewhere)


PRESETS = (
    Preset(
        "openai",
        "https://api.openai.com/v1",
        "gpt-5-mini",
        "https://platform.openai.com/api-keys",
        max_tokens="max_completion_tokens",
    ),
    Preset(
        "deepseek",
        "https://api.deepseek.com/v1",
        "deepseek-chat",
        "https://platform.deepseek.com/api_keys",
    ),
    Preset(
        "dashscope",
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
        "qwen-plus",
        "https://bailian.console.aliyun.com/?tab=model#/api-key",
        elsewhere=(
            "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
            "https://dashscope-us.aliyuncs.com/compatible-mode/v1",
        ),
    ),
    Preset(
        "moonshot",
        "https://api.moonshot.cn/v1",
        "kimi-k2.5",
        "https://platform.moonshot.cn/console/api-keys",
        elsewhere=("https://api.moonshot.ai/v1",),
        # Its newer models take no temperature but their own.
        refuses=frozenset({TEMPERATURE, REPETITION}),
    ),
    Preset(
        "zhipu",
        "https://open.bigmodel.cn/api/paas/v4",
        "glm-4.7",
        "https://bigmodel.cn/usercenter/proj-mgmt/apikeys",
        elsewhere=("https://api.z.ai/api/paas/v4",),
    ),
    Preset(
        "volcengine",
        "https://ark.cn-beijing.volces.com/api/v3",
        "doubao-seed-1-6-251015",
        "https://console.volcengine.com/ark/region:ark+cn-beijing/apiKey",
    ),
    Preset(
        "hunyuan",
        "https://api.hunyuan.cloud.tencent.com/v1",
        "hunyuan-turbos-latest",
        "https://console.cloud.tencent.com/hunyuan/api-key",
    ),
    Preset(
        "minimax",
        "https://api.minimaxi.com/v1",
        "MiniMax-M2.5",
        "https://platform.minimaxi.com/user-center/basic-information/interface-key",
        elsewhere=("https://api.minimax.io/v1",),
    ),
    Preset(
        "siliconflow",
        "https://api.siliconflow.cn/v1",
        "Qwen/Qwen3-30B-A3B-Instruct-2507",
        "https://cloud.siliconflow.cn/account/ak",
        elsewhere=("https://api.siliconflow.com/v1",),
    ),
    Preset(
        "openrouter",
        "https://openrouter.ai/api/v1",
        "qwen/qwen3-30b-a3b-instruct-2507",
        "https://openrouter.ai/keys",
    ),
    Preset(
        "mistral",
        "https://api.mistral.ai/v1",
        "mistral-small-latest",
        "https://console.mistral.ai/api-keys",
        # It tells the usage without being asked, and takes the question for a mistake.
        refuses=frozenset({USAGE}),
    ),
    Preset(
        "groq",
        "https://api.groq.com/openai/v1",
        "llama-3.3-70b-versatile",
        "https://console.groq.com/keys",
    ),
    Preset(
        "gemini",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "gemini-2.5-flash",
        "https://aistudio.google.com/apikey",
        refuses=frozenset({REPETITION}),
    ),
    Preset("ollama", "http://127.0.0.1:11434/v1", "qwen3:8b"),
    Preset("vllm", "http://127.0.0.1:8000/v1", "Qwen/Qwen3-8B"),
    Preset("lmstudio", "http://127.0.0.1:1234/v1", "qwen3-8b"),
)
"""Addresses and quirks are from the services' documentation and their users' reports of 2025 and 2026.

None of them was called when this was written; a refusal that is missing here is learnt from the first answer.
"""

OPENAI = PRESETS[0]
_BY_SLUG = {preset.slug: preset for preset in PRESETS}


@dataclass(frozen=True)
class Connection:
    """Which model writes, as a person may see it: no secret is in it.

    `source` is the setting that chose it; `address` is a file's path for a model on this machine.
    """

    model: str
    address: str
    source: str
    preset: Preset | None = None
    has_key: bool = False


def resolved(text: str) -> str:
    """The base address that a setting means: a preset's short name or an address, however it was pasted."""
    given = text.strip()
    named = _BY_SLUG.get(given.lower())
    return named.base_url if named else _base(given)


def preset_of(address: str) -> Preset | None:
    """The service at an address, by its host; one on this machine by its port as well."""
    place = _place(address)
    return next((one for one in PRESETS for known in one.addresses if _place(known) == place), None)


def likely(address: str) -> str | None:
    """What was probably meant by an address at which nothing answers; None where nothing better is known."""
    if "://" not in address:
        close = difflib.get_close_matches(address.lower(), _BY_SLUG, n=1)
        if close:
            return _BY_SLUG[close[0]].base_url
        return f"http://{address}" if "." in address or ":" in address else None
    preset = preset_of(address)
    if preset is not None:
        home = next(known for known in preset.addresses if _place(known) == _place(address))
        return home if _parts(home).path != _parts(address).path.rstrip("/") else None
    parts = _parts(address)
    return None if "/v" in parts.path or not parts.netloc else f"{shown(address)}/v1"


def shown(address: str) -> str:
    """An address without the name, password and query that somebody may have put into it."""
    parts = _parts(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "")).rstrip("/")


def _base(address: str) -> str:
    """Without the slash at its end, and without the path of the one call that is made there."""
    return address.rstrip("/").removesuffix(_COMPLETIONS).rstrip("/")


def _parts(address: str) -> SplitResult:
    """Nothing at all for what can be no address."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _place(address: str) -> tuple[str, int | None]:
    parts = _parts(address)
    host = (parts.hostname or "").lower()
    return ("localhost", parts.port) if host in _HERE else (host, None)
