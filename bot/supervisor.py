"""Several processes behind one port: starts them, replaces those that die, swaps them on SIGHUP.

The socket is bound here and listened on by the processes, so that a connection waits for the next
free one and is never refused while they are exchanged. Each process is tied to this one by a pair
of sockets: it says there that it is ready, and ends by itself when this end is gone.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot import metrics
from bot.errors import SetupError
from bot.paths import state_folder

TRIES = 3
"""Processes that may die before they are ready, one after the other, until we give up: for good
where no other process serves, for :data:`PAUSE_SECONDS` where one does."""

READY_SECONDS = 180.0
"""How long a process may take to get ready; it takes about ten on two quiet cores."""

END_SECONDS = 40.0
"""How long a process may take to end; it gives what it has begun 25 s."""

BACK_OFF_SECONDS = 1.0
PAUSE_SECONDS = 60.0


@dataclass(eq=False)
class _Worker:
    process: asyncio.subprocess.Process
    link: tuple[asyncio.StreamReader, asyncio.StreamWriter]

    async def ready(self) -> bool:
        """Wait until it serves; False where it died or takes too long."""
        try:
            return bool(await asyncio.wait_for(self.link[0].readline(), READY_SECONDS))
        except (asyncio.TimeoutError, ConnectionError):
            return False

    async def end(self) -> None:
        """Let it finish what it has begun; kill it if that takes too long."""
        if self.process.returncode is None:
            self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), END_SECONDS)
        except asyncio.TimeoutError:
            self.process.kill()
            await self.process.wait()
        self.link[1].close()


class Supervisor:
    """Keeps a number of processes running on one socket.

    Args:
        listening: the socket, bound and not listened on.
        count: how many processes.
        command: starts one; gets the file numbers of the socket and of its link behind it.
        preparation: a command that has to succeed before processes are started or exchanged.
    """

    def __init__(
        self, listening: socket.socket, count: int, command: Sequence[str],
        preparation: Sequence[str],
    ) -> None:
        self._listening, self._count = listening, count
        self._command, self._preparation = command, preparation
        self._alive: set[_Worker] = set()
        self._serving: dict[int, _Worker] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._exchange = asyncio.Lock()

    async def run(self, welcome: str) -> None:
        """Serve until SIGINT or SIGTERM; exchange the processes, one by one, on SIGHUP.

        Args:
            welcome: printed when all are ready.

        Raises:
            SetupError: the preparation failed, or :data:`TRIES` processes in a row died before
                they were ready and no other serves.
        """
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._stop)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._hang_up)
        try:
            self._begin(self._start_all(welcome))
            await self._over
        finally:
            await self._end_all()

    def _stop(self) -> None:
        if not self._over.done():
            _tell("正在停止：等手头的对话答完…")
            self._over.set_result(None)

    def _hang_up(self) -> None:
        """Exchange the processes, unless it means that our terminal was closed."""
        if _terminal_closed():
            self._stop()
        else:
            self._begin(self._renew())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error and not self._over.done():
            self._over.set_exception(error)

    async def _start_all(self, welcome: str) -> None:
        async with self._exchange:
            await self._prepare()
            _tell(f"正在启动 {self._count} 个进程，约需二十秒…")
            await asyncio.gather(*(self._fill(n) for n in range(1, self._count + 1)))
            _tell(welcome)

    async def _prepare(self) -> None:
        preparation = await asyncio.create_subprocess_exec(*self._preparation)
        try:
            failed = await preparation.wait()
        finally:
            if preparation.returncode is None:
                preparation.terminate()
        if failed:
            raise SetupError("模型没有准备好，原因见上面的输出")

    async def _fill(self, number: int) -> None:
        """Put a new process in a place; the one that was there ends when the new one serves."""
        worker = await self._new(number)
        before, self._serving[number] = self._serving.get(number), worker
        self._begin(self._watch(number, worker))
        _tell(f"第 {number} 个进程已就绪（进程号 {worker.process.pid}）")
        if before:
            await before.end()

    async def _watch(self, number: int, worker: _Worker) -> None:
        await worker.process.wait()
        metrics.ended(worker.process.pid)
        self._alive.discard(worker)
        if self._serving.get(number) is worker:
            del self._serving[number]
            _tell(f"第 {number} 个进程意外结束（{_how(worker)}），正在启动新的…")
            await self._refill(number)

    async def _refill(self, number: int) -> None:
        """Fill a place again; as long as another process serves, it is tried without end."""
        while True:
            try:
                await self._fill(number)
            except SetupError as error:
                if not self._serving:
                    raise
                _tell(f"其余进程继续服务，{PAUSE_SECONDS:.0f} 秒后再试：{error}")
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                return

    async def _new(self, number: int) -> _Worker:
        """Start processes until one is ready.

        Raises:
            SetupError: :data:`TRIES` have died.
        """
        for attempt in range(1, TRIES + 1):
            await asyncio.sleep(BACK_OFF_SECONDS * (attempt - 1))
            worker = await self._start()
            if await worker.ready():
                return worker
            await worker.end()
            self._alive.discard(worker)
            _tell(f"第 {number} 个进程没有启动成功（{_how(worker)}），第 {attempt} 次")
        raise SetupError(f"第 {number} 个进程连续 {TRIES} 次没有启动成功：原因见上面的输出；"
                         "常见的是内存不足（每个进程约 800 MB）或 Redis 连不上")

    async def _start(self) -> _Worker:
        own, its = socket.socketpair()
        numbers = (self._listening.fileno(), its.fileno())
        # A session of its own: Ctrl-C in a terminal reaches us only, and we tell the processes.
        process = await asyncio.create_subprocess_exec(
            *self._command, *map(str, numbers), pass_fds=numbers, stdin=subprocess.DEVNULL,
            start_new_session=True)
        its.close()
        worker = _Worker(process, await asyncio.open_connection(sock=own))
        self._alive.add(worker)
        return worker

    async def _renew(self) -> None:
        """Exchange all processes, one after the other; where it fails, the present ones stay."""
        async with self._exchange:
            _tell("收到 SIGHUP：逐个更换进程，服务不中断…")
            try:
                await self._prepare()
                for number in range(1, self._count + 1):
                    await self._fill(number)
            except SetupError as error:
                _tell(f"更换没有完成，没换的进程继续服务：{error}")
            else:
                _tell("全部进程已更换")

    async def _end_all(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._alive))


def supervise(listening: socket.socket, count: int, welcome: str) -> None:
    """Serve by ``count`` processes until told to stop; see :class:`Supervisor`.

    Raises:
        SetupError: the processes cannot be started.
    """
    metrics.share(state_folder() / "metrics")
    worker = (sys.executable, "-m", "bot.worker")
    preparation = (sys.executable, "-m", "bot", "prepare")
    asyncio.run(Supervisor(listening, count, worker, preparation).run(welcome))


def _how(worker: _Worker) -> str:
    status = worker.process.returncode
    return f"信号 {-status}" if status is not None and status < 0 else f"退出码 {status}"


def _terminal_closed() -> bool:
    """Tell whether we were started from a terminal that is gone."""
    try:
        os.tcgetpgrp(0)
    except OSError as error:
        return error.errno == errno.EIO
    return False


def _tell(line: str) -> None:
    with suppress(OSError):  # our terminal may be gone
        print(line, flush=True)


__all__ = ["Supervisor", "supervise"]
