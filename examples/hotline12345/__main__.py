"""The simulated 12345 platform from the command line: see README.md."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from examples.hotline12345.play import Mischief, Platform, Refused, play
from examples.hotline12345.script import SCRIPT, read
from examples.hotline12345.signing import Key

KEY_FILE = Path("var/secrets/hotline-key")


def options() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.hotline12345", description="模拟的 12345 平台：演一场会话")
    add = parser.add_argument
    add("--url", default="http://127.0.0.1:5005", help="助手的地址")
    add("--key", default="development", help="密钥编号")
    add("--secret-file", type=Path, default=KEY_FILE,
        help="密钥所在的文件；设了环境变量 HOTLINE_SECRET 就不读文件")
    add("--script", type=Path, default=SCRIPT, help="演哪一场")
    add("--text", action="store_true", help="对话页只能显示文字")
    add("--callback", type=int, default=0, metavar="端口", help="在这个端口收回调；不给就随应答收")
    add("--twice", type=int, default=0, metavar="N", help="第 N 件送两次")
    add("--swap", type=int, default=0, metavar="N", help="第 N 件和下一件对调")
    add("--leave-out", type=int, default=0, metavar="N", help="第 N 件不送")
    add("--forge", type=int, default=0, metavar="N", help="第 N 件先用错的签名送一次")
    add("--down", type=float, default=0.0, metavar="秒", help="开头这么多秒不收回调")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Play a conversation; return 0 if nothing was lost."""
    given = options().parse_args(arguments)
    try:
        secret = os.environ.get("HOTLINE_SECRET") or given.secret_file.read_text("utf-8").strip()
    except OSError:
        print(f"读不到密钥文件 {given.secret_file}：请先启动助手，或设置 HOTLINE_SECRET。",
              file=sys.stderr)
        return 2
    platform = Platform(given.url, Key(given.key, secret), not given.text, given.callback)
    mischief = Mischief(given.twice, given.swap, given.leave_out, given.forge, given.down)
    try:
        outcome = asyncio.run(play(platform, read(given.script), mischief))
    except (Refused, TimeoutError) as problem:
        print(f"没有演完：{problem}", file=sys.stderr)
        return 1
    print(f"\n核对：助手的记录里有 {len(outcome.replies)} 条回复，{outcome.fetched} 条没有送到、"
          f"最后补取；重复的 {outcome.doubles} 条只算一次。")
    return 1 if outcome.fetched else 0


if __name__ == "__main__":
    sys.exit(main())
