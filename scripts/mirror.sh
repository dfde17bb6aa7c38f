# To be sourced. uv does not read pip's settings, and a mirror set for pip is meant for uv as well.
use_mirror_of_pip() {
  local mirror
  mirror=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null)} ||
    return 0
  export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$mirror}
}
