#!/usr/bin/env bash
# Brings .venv to what requirements.lock and pyproject.toml say, and does nothing when it is
# there already. Works in a clean clone; another active environment plays no part.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV CONDA_PREFIX UV_SYSTEM_PYTHON
unset PIP_USER PIP_TARGET PIP_PREFIX
. scripts/mirror.sh

venv=.venv
stamp=$venv/setup-stamp
needed_mb=4096   # installed about 3 GB, with the packages on their way

fail() { echo "安装失败：$1" >&2; exit 1; }

# What the environment itself hangs on: its scripts name the folder, its links the Python.
base() { echo "$PWD $($venv/bin/python -V 2>/dev/null)"; }

state() { base; cat requirements.lock pyproject.toml scripts/setup.sh | sha256sum; }

up_to_date() { [ "$(cat $stamp 2>/dev/null)" = "$(state)" ]; }

check_disk() {
  local free_mb
  free_mb=$(df -Pm . | awk 'NR == 2 { print $4 }')
  [ "$free_mb" -ge "$needed_mb" ] ||
    fail "磁盘空间不足，只剩 $free_mb MB，需要 $needed_mb MB。请清理磁盘后重新运行 make setup。"
}

create() {
  local python
  python=$(scripts/find-python.sh)
  check_disk
  echo "[1/4] 用 $python 建立 $venv …"
  "$python" -m venv --clear $venv ||
    fail "无法建立 $venv，原因见上。请检查目录权限后重新运行 make setup。"
}

# What installs the rest comes from the lock too, and pip checks the hashes: uv, and what a
# few packages without a wheel are built with, else the newest of the day would build them.
install_uv() {
  echo "[2/4] 安装 uv …"
  awk '/^[^ #]/ { wanted = /^(uv|setuptools|wheel)==/ } wanted' requirements.lock > $venv/uv.txt
  $venv/bin/python -m pip install -qq --no-deps --require-hashes -r $venv/uv.txt ||
    fail "没有装上 uv，原因见上。请检查网络或 pip 的镜像设置后重新运行 make setup。"
}

# Bytecode is compiled once, here: else each start where Python may not write it (containers,
# read-only installs) compiles 15,000 files anew and takes 11 s instead of 4 s.
install_packages() {
  echo "[3/4] 安装 requirements.lock 中的软件包（首次需下载约 1 GB）…"
  $venv/bin/uv pip install --python $venv --require-hashes --no-build-isolation \
    --compile-bytecode -r requirements.lock 2>&1 | awk '!/^ [+~-] / { print; fflush() }' ||
    fail "软件包没有装全，原因见上。请检查网络与磁盘空间后重新运行 make setup。"
}

install_project() {
  echo "[4/4] 安装本项目的 yibao 命令 …"
  $venv/bin/uv pip install -q --python $venv --no-deps --no-build-isolation -e . ||
    fail "没有装上 yibao 命令，原因见上。请检查 pyproject.toml 后重新运行 make setup。"
}

if up_to_date; then exit 0; fi
exec 9< requirements.lock
flock 9   # `make run` and `make test` may be started side by side
if up_to_date; then exit 0; fi

# Without a stamp the last attempt was interrupted: what it left is not to be trusted.
[ "$(head -n 1 $stamp 2>/dev/null)" = "$(base)" ] || create
rm -f $stamp
install_uv
use_mirror_of_pip
install_packages
install_project
state > $stamp
echo "安装完成。"
