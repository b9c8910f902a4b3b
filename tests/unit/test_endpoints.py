"""Addresses of model services: what a setting means, whose it is, and what was probably meant by a wrong one."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copilot import wording
from copilot.bootstrap import connection
from copilot.config import Config
from copilot.domain.endpoints import OPTIONAL, PRESETS, Preset, likely, preset_of, resolved, shown
from copilot.services.modelcare import Purpose


def test_no_two_presets_share_a_name_or_an_address() -> None:
    assert len({one.slug for one in PRESETS}) == len(PRESETS)
    addresses = [address for one in PRESETS for address in one.addresses]
    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda one: one.slug)
def test_a_preset_is_found_by_its_name_and_by_each_of_its_addresses(preset: Preset) -> None:
    assert resolved(f" {preset.slug.upper()} ") == preset.base_url
    for address in preset.addresses:
        assert preset_of(address) is preset
        assert likely(address) is None, "a right address needs no other"
        assert likely(f"{address}/chat") == address
    assert preset.model and preset.refuses <= OPTIONAL
    for language in wording.LANGUAGES:
        assert wording.sentences()[f"preset.{preset.slug}"][language]


def test_only_what_runs_at_home_wants_no_key() -> None:
    at_home = {one.slug for one in PRESETS if not one.key_page}
    assert at_home == {one.slug for one in PRESETS if urlsplit(one.base_url).hostname == "127.0.0.1"}


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("https://example.com/v1/", "https://example.com/v1"),
        ("https://example.com/v1/chat/completions", "https://example.com/v1"),
        (" https://example.com ", "https://example.com"),
        ("", ""),
    ],
)
def test_an_address_means_the_same_however_it_was_pasted(typed: str, means: str) -> None:
    assert resolved(typed) == means


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("https://example.com", "https://example.com/v1"),
        ("https://key:pw@example.com/api?x=1", "https://example.com/api/v1"),
        ("https://example.com/v1", None),
        ("https://example.com/api/v3", None),
        ("https://open.bigmodel.cn/v1", "https://open.bigmodel.cn/api/paas/v4"),
        ("https://api.z.ai/v1", "https://api.z.ai/api/paas/v4"),
        ("https://api.deepseek.com", "https://api.deepseek.com/v1"),
        ("http://localhost:11434", "http://127.0.0.1:11434/v1"),
        ("localhost:8089/v1", "http://localhost:8089/v1"),
        ("deepsek", "https://api.deepseek.com/v1"),
        ("something", None),
    ],
)
def test_a_wrong_address_has_a_likely_one(address: str, meant: str | None) -> None:
    assert likely(address) == meant


@given(st.from_regex(r"(https?://)?[a-z@:\[\]0-9./?#]{0,20}", fullmatch=True) | st.text(max_size=20))
@example("http://[v1")
@example("http://a:99999999")
def test_whatever_stands_in_the_setting_breaks_nothing(text: str) -> None:
    address = resolved(text)
    assert resolved(address) == address
    assert preset_of(address) is None or likely(address) != address
    assert "@" not in urlsplit(shown(address)).netloc


def test_what_is_shown_of_an_address_keeps_no_secret() -> None:
    assert shown("https://user:pw@example.com:8443/v1/?key=secret#x") == "https://example.com:8443/v1"


def settings(**given: object) -> Config:
    return Config(**{"openai_api_key": "", **given})  # type: ignore[arg-type]


def test_the_settings_choose_a_model_and_tell_no_secret() -> None:
    assert connection(settings()).model == ""
    chosen = connection(settings(llm_base_url="deepseek", llm_api_key="sk-secret"))
    assert (chosen.model, chosen.source, chosen.has_key) == (
        "deepseek-chat",
        "COPILOT_LLM_BASE_URL",
        True,
    )
    assert "secret" not in repr(chosen)
    local = connection(settings(llm_gguf="/models/small.gguf", openai_api_key="sk-secret"))
    assert (local.model, local.source) == ("small", "COPILOT_LLM_GGUF")


def test_a_key_of_openai_is_shown_to_nobody_else() -> None:
    assert connection(settings(openai_api_key="sk-secret")).has_key
    assert not connection(settings(openai_api_key="sk-secret", llm_base_url="groq")).has_key


def test_whatever_a_model_is_asked_for_has_a_name() -> None:
    assert all(f"purpose.{purpose}" in wording.sentences() for purpose in Purpose)


def test_a_local_model_keeps_a_place_for_whoever_waits() -> None:
    assert settings().at_once == 4
    assert [settings(llm_gguf="m.gguf", llm_gguf_parallel=places).at_once for places in (1, 2, 4, 9)] == [
        1,
        1,
        3,
        4,
    ]
