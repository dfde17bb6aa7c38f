"""Settings from the environment: defaults, what is refused, and what is never shown."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from bot.errors import SetupError
from bot.settings import Settings

KEY = "k" * 32


def test_nothing_has_to_be_set() -> None:
    settings = Settings.from_environment({})
    assert (settings.redis_url, settings.proxies, settings.frame_ancestors) == ("", 0, "")
    assert (settings.keep_conversations_days, settings.keep_log_days) == (30, 180)
    assert (settings.session_per_minute, settings.address_per_minute) == (120, 1200)
    assert settings.hotline_gap_seconds == 5.0 and settings.hotline_keys == {}


def test_an_empty_variable_is_not_set() -> None:
    assert Settings.from_environment({"YIBAO_PROXIES": " "}) == Settings()


@pytest.mark.parametrize(("name", "text", "value"), [
    ("redis_url", "redis://:word@127.0.0.1:6379/0", "redis://:word@127.0.0.1:6379/0"),
    ("log_database", "postgresql+psycopg2://u:p@db/yibao", "postgresql+psycopg2://u:p@db/yibao"),
    ("keep_log_days", " 7 ", 7),
    ("hotline_gap_seconds", "0.5", 0.5),
    ("hotline_callback", "https://hotline.example/in", "https://hotline.example/in"),
    ("hotline_keys", f"one:{KEY}, two:{KEY}2", {"one": KEY, "two": f"{KEY}2"}),
    ("frame_ancestors", "'self'  https://*.gov.example:8443", "'self' https://*.gov.example:8443"),
    ("log_level", "debug", "DEBUG"),
])
def test_a_variable_is_read(name: str, text: str, value: object) -> None:
    assert getattr(Settings.from_environment({f"YIBAO_{name.upper()}": text}), name) == value


@pytest.mark.parametrize(("variable", "text", "allowed"), [
    ("YIBAO_REDIS_URL", "127.0.0.1:6379", "redis://"),
    ("YIBAO_LOG_DATABASE", "mysql://db", "postgresql://"),
    ("YIBAO_KEEP_LOG_DAYS", "0", "1 到 3650"),
    ("YIBAO_SESSION_PER_MINUTE", "１２０", "整数"),
    ("YIBAO_SESSION_PER_MINUTE", "-5", "整数"),
    ("YIBAO_PROXIES", "one", "0 到 10"),
    ("YIBAO_FRAME_ANCESTORS", "*", "网站地址"),
    ("YIBAO_FRAME_ANCESTORS", "https://a.example; script-src *", "网站地址"),
    ("YIBAO_METRICS_TOKEN", "short", "至少 32"),
    ("YIBAO_HOTLINE_CALLBACK", "file:///etc/passwd", "https://"),
    ("YIBAO_HOTLINE_KEYS", "only-an-id", "编号:密钥"),
    ("YIBAO_HOTLINE_KEYS", "one:short", "至少 32"),
    ("YIBAO_HOTLINE_KEYS", f"one:{KEY},one:{KEY}2", "不能重复"),
    ("YIBAO_HOTLINE_GAP_SECONDS", "nan", "秒数"),
    ("YIBAO_LOG_LEVEL", "loud", "INFO"),
])
def test_a_wrong_value_is_named_with_what_is_allowed(
    variable: str, text: str, allowed: str
) -> None:
    with pytest.raises(SetupError) as refused:
        Settings.from_environment({variable: text})
    assert variable in str(refused.value) and allowed in str(refused.value)


def test_a_refusal_does_not_repeat_a_secret() -> None:
    with pytest.raises(SetupError) as refused:
        Settings.from_environment({"YIBAO_HOTLINE_KEYS": "one:hush"})
    assert "hush" not in str(refused.value)


def test_secrets_are_not_shown_and_nothing_can_be_changed() -> None:
    settings = Settings.from_environment({
        "YIBAO_METRICS_TOKEN": KEY, "YIBAO_HOTLINE_KEYS": f"one:{KEY}",
        "YIBAO_REDIS_URL": f"redis://:{KEY}@localhost"})
    assert KEY not in repr(settings)
    with pytest.raises(FrozenInstanceError):
        settings.proxies = 1  # type: ignore[misc]


def test_the_log_has_a_place_without_any_setting(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("YIBAO_VAR", str(tmp_path))
    assert Settings().log_address == f"sqlite:///{tmp_path}/log.db"
