"""Secrets of an installation: given by its settings, else generated once under ``var/secrets``.

A secret's file is linked into place whole: of several processes that start together one writes
it, and all read the same. What others could have read or changed is refused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import SetupError
from bot.paths import state_folder
from bot.settings import SHORTEST_SECRET, Settings

DEVELOPMENT_KEY = "development"
"""Id of the hotline key that is generated where none is set."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BYTES = 32


def installation_key() -> bytes:
    """Return the key under which session ids and addresses are turned into names in memory.

    Raises:
        SetupError: it cannot be kept to this installation's own user.
    """
    return _kept("installation").encode()


def metrics_token(settings: Settings) -> str:
    """Return the bearer token for ``/metrics``.

    Raises:
        SetupError: as :func:`installation_key`.
    """
    return settings.metrics_token or _kept("metrics-token")


def hotline_keys(settings: Settings) -> Mapping[str, str]:
    """Return the keys of the hotline's platform by id.

    Raises:
        SetupError: as :func:`installation_key`.
    """
    return settings.hotline_keys or {DEVELOPMENT_KEY: _kept("hotline-key")}


def number_keys(settings: Settings) -> list[bytes]:
    """Return the Fernet keys of call-back numbers; the first encrypts, all decrypt.

    Raises:
        SetupError: as :func:`installation_key`.
    """
    return [_fernet_key(secret) for secret in settings.number_keys or (_kept("number-key"),)]


def keyed_name(key: bytes, purpose: str, text: str) -> str:
    """Return a name for ``text`` that cannot be turned back, nor guessed without the key.

    Args:
        key: :func:`installation_key`.
        purpose: what the name is for; one text has different names for different purposes.
        text: an address, or the id of a session.
    """
    return hmac.new(key, f"{purpose}\0{text}".encode(errors="replace"), hashlib.sha256).hexdigest()


def _fernet_key(secret: str) -> bytes:
    derived = HKDF(SHA256(), _BYTES, salt=None, info=b"yibao call-back numbers")
    return base64.urlsafe_b64encode(derived.derive(secret.encode()))


def _kept(name: str) -> str:
    folder = state_folder() / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_wide(folder, "700", os.stat(folder, follow_symlinks=False))
    path = folder / name
    if not path.exists():
        _generate(path)
    return _read(path)


def _generate(path: Path) -> None:
    """Write a new secret, unless another process was first."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(path: Path) -> str:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise SetupError(
            f"读不了密钥文件 {path}（{error.strerror}）：应为本用户自己的普通文件") from None
    with os.fdopen(handle) as file:
        _refuse_wide(path, "600", os.fstat(file.fileno()))
        text = file.read(4096).strip()
    if len(text) < SHORTEST_SECRET:
        raise SetupError(f"密钥文件 {path} 不完整：请删除它后再启动，会重新生成")
    return text


def _refuse_wide(path: Path, rights: str, state: os.stat_result) -> None:
    if state.st_uid != os.geteuid():
        raise SetupError(f"{path} 属于别的用户：请用 chown 改为运行本系统的用户后再启动")
    if stat.S_IMODE(state.st_mode) & _OTHERS:
        raise SetupError(
            f"{path} 的权限太宽，别的用户也能读：请运行 chmod {rights} {path}；"
            "如果可能已被人看过，请删除它再启动，会重新生成")


__all__ = [
    "DEVELOPMENT_KEY", "hotline_keys", "installation_key", "keyed_name", "metrics_token",
    "number_keys",
]
