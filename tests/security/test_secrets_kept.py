"""Secrets of an installation: generated once, readable by its own user only, agreed upon."""

from __future__ import annotations

import multiprocessing
import stat

import pytest

from bot import secrets
from bot.errors import SetupError
from bot.settings import Settings


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """The folder of secrets of a fresh installation."""
    monkeypatch.setenv("YIBAO_VAR", str(tmp_path))
    return tmp_path / "secrets"


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_secret_is_generated_once_and_kept_to_its_user(folder) -> None:
    first = secrets.installation_key()
    assert len(first) >= 32 and secrets.installation_key() == first
    assert mode(folder) == 0o700
    assert [mode(path) for path in folder.iterdir()] == [0o600]


def test_each_secret_is_another(folder) -> None:
    keys = secrets.hotline_keys(Settings())
    made = {secrets.installation_key().decode(), secrets.metrics_token(Settings()), *keys.values()}
    assert len(made) == 3 and list(keys) == [secrets.DEVELOPMENT_KEY]


def test_what_is_set_is_taken_and_nothing_generated(folder) -> None:
    settings = Settings(metrics_token="t" * 32, hotline_keys={"one": "k" * 32})
    assert secrets.metrics_token(settings) == "t" * 32
    assert secrets.hotline_keys(settings) == {"one": "k" * 32}
    assert not folder.exists()


def read_key(start, told) -> None:
    start.wait(30)
    told.put(secrets.installation_key())


def test_processes_that_start_together_agree(folder) -> None:
    context = multiprocessing.get_context("fork")
    start, told = context.Barrier(8), context.Queue()
    workers = [context.Process(target=read_key, args=(start, told)) for _ in range(8)]
    for worker in workers:
        worker.start()
    keys = {told.get(timeout=30) for _ in workers}
    for worker in workers:
        worker.join(30)
    assert len(keys) == 1
    assert [path.name for path in folder.iterdir()] == ["installation"]


@pytest.mark.parametrize("rights", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(folder, rights) -> None:
    secrets.installation_key()
    (folder / "installation").chmod(rights)
    with pytest.raises(SetupError, match="chmod 600"):
        secrets.installation_key()


def test_a_folder_that_others_may_enter_is_refused(folder) -> None:
    secrets.installation_key()
    folder.chmod(0o755)
    with pytest.raises(SetupError, match="chmod 700"):
        secrets.installation_key()


def test_a_link_to_elsewhere_is_refused(folder, tmp_path) -> None:
    secrets.installation_key()
    (folder / "installation").rename(tmp_path / "elsewhere")
    (folder / "installation").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SetupError, match="普通文件"):
        secrets.installation_key()


def test_a_file_that_was_cut_short_is_refused(folder) -> None:
    secrets.installation_key()
    (folder / "installation").write_text("short")
    with pytest.raises(SetupError, match="删除它"):
        secrets.installation_key()


def test_names_cannot_be_compared_between_installations_and_purposes() -> None:
    names = {secrets.keyed_name(key, purpose, "203.0.113.7")
             for key in (b"a", b"b") for purpose in ("address", "sockets")}
    assert len(names) == 4 and all(len(name) == 64 for name in names)
    assert secrets.keyed_name(b"a", "address", "\ud800")
