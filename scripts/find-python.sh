#!/usr/bin/env bash
# Prints the path of a Python 3.10 that can create virtual environments, wherever it comes
# from; exits with 1 and one line that says what to do where there is none. Every candidate
# is executed: pyenv's shim `python3.10` is on PATH but fails outside a folder that selects
# that version, and a distribution's Python may lack ensurepip.
set -uo pipefail
home=~

found() {
  "$1" -c 'import sys, ensurepip, venv
if sys.version_info[:2] != (3, 10): sys.exit(1)
print(sys.executable)' </dev/null 2>/dev/null && exit 0
}

advise() {
  printf '%s' "需要 Python 3.10（含 venv）：$1。请用 pyenv install 3.10、uv python install 3.10 或" \
    " apt-get install python3.10-venv 安装，或用 make setup PYTHON=/路径/python3.10 指定已有的。" \
    "(Python 3.10 with venv is required.)" >&2
  echo >&2
  exit 1
}

candidates() {
  ls -d "${PYENV_ROOT:-$home/.pyenv}"/versions/3.10*/bin/python 2>/dev/null | sort -rV
  type -ap python3.10 python3
  # Inside the project, pyenv hides a `uv` that was installed under another Python.
  cd /
  for uv in uv "$home/.local/bin/uv"; do
    UV_PYTHON_DOWNLOADS=never "$uv" python find --system 3.10 2>/dev/null
  done
}

if [ -n "${PYTHON:-}" ]; then
  found "$PYTHON"
  advise "PYTHON=$PYTHON 不是可用的 Python 3.10"
fi
while IFS= read -r candidate; do found "$candidate"; done < <(candidates)
advise "没有找到"
