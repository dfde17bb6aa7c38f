#!/usr/bin/env bash
# Installs what the browser tests need from the system: Chromium and a font with
# Chinese glyphs. Does nothing where both are there. Only root on Debian or Ubuntu can
# install; anybody else is told in one line what to install.
set -euo pipefail

have_browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
} >/dev/null

have_chinese_font() { [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; }

missing=()
have_browser || missing+=(chromium)
# fontconfig brings fc-list, which finds the font again on the next run.
have_chinese_font || missing+=(fontconfig fonts-wqy-zenhei)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "测试缺少系统软件，请运行：sudo apt-get update && sudo apt-get install -y ${missing[*]}" >&2
  exit 1
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
have_browser && have_chinese_font && exit 0
echo "系统软件已安装，但仍找不到 Chromium 或中文字体：请手工安装 ${missing[*]}" >&2
exit 1
