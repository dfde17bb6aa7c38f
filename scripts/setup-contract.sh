#!/usr/bin/env bash
# Brings .venv-contract to what requirements-contract.lock says, and does nothing when it is there
# already: schemathesis, which checks the server against its OpenAPI document. It needs other
# versions of packages than the assistant, hence an environment of its own; `make setup` comes
# first, for its uv installs this one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV CONDA_PREFIX UV_SYSTEM_PYTHON
. scripts/mirror.sh

venv=.venv-contract
stamp=$venv/setup-stamp

fail() { echo "安装失败：$1" >&2; exit 1; }

base() { echo "$PWD $($venv/bin/python -V 2>/dev/null)"; }

state() { base; cat requirements-contract.lock scripts/setup-contract.sh | sha256sum; }

up_to_date() { [ "$(cat $stamp 2>/dev/null)" = "$(state)" ]; }

if up_to_date; then exit 0; fi
exec 9< requirements-contract.lock
flock 9
if up_to_date; then exit 0; fi

echo "安装核对接口约定的工具（首次需下载约 20 MB）…"
rm -f $stamp
[ -x .venv/bin/uv ] || fail "还没有 .venv。请先运行 make setup。"
.venv/bin/python -m venv --without-pip --clear $venv ||
  fail "无法建立 $venv，原因见上。请检查目录权限后重新运行 make setup-contract。"
use_mirror_of_pip
.venv/bin/uv pip install -q --python $venv --require-hashes -r requirements-contract.lock ||
  fail "软件包没有装全，原因见上。请检查网络与磁盘空间后重新运行 make setup-contract。"
state > $stamp
