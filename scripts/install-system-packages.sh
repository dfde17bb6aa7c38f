#!/usr/bin/env bash
# Installs what the tests need from the system: Chromium, a font with Chinese glyphs, and
# the servers that they start for themselves (Redis, nginx, PostgreSQL). Does nothing where
# all are there. Only root on Debian or Ubuntu can install; anybody else is told in one line
# what to install.
set -euo pipefail

have_browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
} >/dev/null

have_chinese_font() { [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; }

# Debian keeps these two where only root, or nobody, has them on the path.
have_nginx() { command -v nginx >/dev/null || [ -x /usr/sbin/nginx ]; }
have_postgresql() {
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

find_missing() {
  missing=()
  have_browser || missing+=(chromium)
  # fontconfig brings fc-list, which finds the font again on the next run.
  have_chinese_font || missing+=(fontconfig fonts-wqy-zenhei)
  command -v redis-server >/dev/null || missing+=(redis-server)
  have_nginx || missing+=(nginx-light)
  have_postgresql || missing+=(postgresql)
}

find_missing
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "测试缺少系统软件，请运行：sudo apt-get update && sudo apt-get install -y ${missing[*]}" >&2
  exit 1
fi

# The tests start servers of their own: those of the packages are not to run beside them.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

echo "安装系统软件：${missing[*]}（首次约一至三分钟）…"
export DEBIAN_FRONTEND=noninteractive
# Another apt may hold the lock on a machine that has just started: wait for it.
apt=(apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
if ! "${apt[@]}" update || ! "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
then
  echo "系统软件安装失败：请检查网络与软件源，或手工安装 ${missing[*]}" >&2
  exit 1
fi
find_missing
[ ${#missing[@]} -eq 0 ] && exit 0
echo "系统软件已安装，但仍找不到其中的程序或字体：请手工安装 ${missing[*]}" >&2
exit 1
