"""The nginx configuration in ``deploy/``, on a real nginx: what passes, what is told, what not."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import aiohttp
import pytest
from nginx_service import DEPLOY, Nginx
from services import free_port
from workers_service import until

ASKED = {"sender": "behind-nginx", "message": "湖北转诊备案要什么材料"}
REST = "/webhooks/rest/webhook"


class Upstream(ThreadingHTTPServer):
    """Stands where the assistant does; answers with what it was sent.

    Args:
        unknown: a path that it answers by 404.
    """

    def __init__(self, unknown: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Echo)
        self.unknown = unknown
        Thread(target=self.serve_forever, daemon=True).start()


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Return the path and the headers as JSON."""
        body = json.dumps({"path": self.path, **dict(self.headers)}).encode()
        self.send_response(404 if self.path == self.server.unknown else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def echo(new_nginx: Callable[..., Nginx]) -> Iterator[Nginx]:
    """nginx before a server that tells what it was sent."""
    upstream = Upstream()
    yield new_nginx(upstream.server_port)
    upstream.shutdown()


@pytest.fixture(scope="module")
def down(new_nginx: Callable[..., Nginx]) -> Nginx:
    """nginx before nobody."""
    return new_nginx(free_port())


def get(
    url: str, headers: Mapping[str, str] | None = None, data: bytes | None = None,
    context: ssl.SSLContext | None = None,
) -> tuple[int, HTTPMessage, str]:
    """Return status, headers and text of an answer."""
    request = urllib.request.Request(
        url, data, {"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=20, context=context) as response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


class TestWhatPasses:
    def test_a_turn_is_answered_as_without_it(
        self, server, new_nginx: Callable[..., Nginx]
    ) -> None:
        url = new_nginx(server.port).url
        status, _, text = get(url + REST, data=json.dumps(ASKED).encode())
        replies, direct = json.loads(text), server.ask("directly", ASKED["message"])
        assert status == 200
        assert [reply["text"] for reply in replies] == [reply["text"] for reply in direct]

    async def test_a_page_talks_over_its_socket(
        self, server, new_nginx: Callable[..., Nginx]
    ) -> None:
        url = new_nginx(server.port).url
        address = url.replace("http", "ws") + "/chat/ws"
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(address, headers={"Origin": url}) as socket:
                await socket.send_json({"type": "hello"})
                assert (await socket.receive_json(timeout=20))["type"] == "welcome"
                await socket.send_json({"type": "say", "id": "one", "text": ASKED["message"]})
                frames = [await socket.receive_json(timeout=20)]
                while frames[-1]["type"] != "ack":
                    frames.append(await socket.receive_json(timeout=20))
        authors = [frame["message"]["author"] for frame in frames if frame["type"] == "message"]
        assert authors == ["citizen", "bot"]

    def test_a_dead_machine_is_passed_over(self, new_nginx: Callable[..., Nginx]) -> None:
        alive = Upstream()
        second = {"# server 10.0.0.12:5005": f"server 127.0.0.1:{alive.server_port}"}
        url = new_nginx(free_port(), second).url
        assert [get(f"{url}/")[0] for _ in range(4)] == [200] * 4
        alive.shutdown()


    def test_a_notice_that_one_machine_does_not_know_is_asked_of_the_others(
        self, new_nginx: Callable[..., Nginx]
    ) -> None:
        made, unknown = Upstream(), Upstream(unknown="/notice/made-elsewhere")
        second = {"# server 10.0.0.12:5005": f"server 127.0.0.1:{made.server_port}"}
        url = new_nginx(unknown.server_port, second).url
        assert [get(f"{url}/notice/made-elsewhere")[0] for _ in range(4)] == [200] * 4
        for upstream in (made, unknown):
            upstream.shutdown()


class TestWhatIsTold:
    def test_the_assistant_learns_who_asked_how_and_where(self, echo: Nginx) -> None:
        _, _, text = get(f"{echo.url}/", {"X-Forwarded-For": "192.0.2.7", "X-Request-ID": "mine"})
        got, here = json.loads(text), f"127.0.0.1:{echo.port}"
        assert got["X-Forwarded-For"] == "192.0.2.7, 127.0.0.1"
        assert (got["X-Forwarded-Proto"], got["X-Forwarded-Host"], got["Host"]) == (
            "http", here, here)
        assert re.fullmatch("[0-9a-f]{32}", got["X-Request-ID"])
        until(lambda: got["X-Request-ID"] in echo.log, "the line of the log")

    def test_a_connection_to_the_assistant_is_for_one_request(self, echo: Nginx) -> None:
        assert json.loads(get(f"{echo.url}/")[2])["Connection"] == "close"

    def test_the_log_holds_neither_address_nor_query_nor_number(self, echo: Nginx) -> None:
        get(f"{echo.url}/notice/the-number-of-a-sheet")
        get(f"{echo.url}/api/hotline12345/v1/sessions/their-number/messages")
        get(f"{echo.url}/guide?name=zhangsan", {"User-Agent": "a certain telephone"})
        until(lambda: " GET /guide 200 " in echo.log, "the line of the log")
        assert "/v1/sessions/-/messages 200" in echo.log
        assert not re.search(r"zhangsan|telephone|-number|127\.0\.0\.1 ", echo.log)


class TestWhatIsRefused:
    @pytest.mark.parametrize("path", ["/metrics", "/metrics/", "//metrics", "/%6detrics"])
    def test_figures_are_not_for_the_outside(self, echo: Nginx, path: str) -> None:
        status, _, text = get(echo.url + path)
        assert status == 404 and "X-Request-ID" not in text

    def test_what_is_too_long_is_refused_in_chinese(self, echo: Nginx) -> None:
        status, headers, text = get(f"{echo.url}{REST}", data=b"x" * 70_000)
        assert (status, headers.get_content_type()) == (413, "application/json")
        assert "太长" in json.loads(text)["error"]

    def test_what_is_too_much_is_refused_in_chinese(self, new_nginx: Callable[..., Nginx]) -> None:
        slow = {"rate=40r/s": "rate=1r/m", "burst=200": "burst=2"}
        upstream = Upstream()
        url = new_nginx(upstream.server_port, slow).url
        answers = [get(f"{url}/") for _ in range(4)]
        platform = [get(f"{url}/api/hotline12345/v1/openapi.json")[0] for _ in range(4)]
        upstream.shutdown()
        assert platform == [200] * 4
        assert [status for status, _, _ in answers] == [200, 200, 200, 429]
        assert answers[3][1]["Retry-After"] == "5"
        assert "请求太多" in json.loads(answers[3][2])["error"]


class TestNobodyThere:
    def test_a_citizen_gets_an_honest_page_without_inline_code(self, down: Nginx) -> None:
        status, headers, text = get(f"{down.url}/")
        assert (status, headers["Retry-After"]) == (503, "30")
        assert "暂时无法使用" in text and not re.search(r"<script|<style| style=| on\w+=", text)
        style = re.search(r'href="(/\S+\.css)"', text)
        assert style and get(down.url + style.group(1))[0] == 200

    def test_a_program_gets_a_sentence(self, down: Nginx) -> None:
        status, headers, text = get(down.url + REST, data=json.dumps(ASKED).encode())
        assert (status, headers.get_content_type()) == (503, "application/json")
        assert "暂时无法使用" in json.loads(text)["error"]


class TestTheExampleOfTls:
    def test_it_works_as_it_stands_there(
        self, new_nginx: Callable[..., Nginx], tmp_path: Path
    ) -> None:
        key, certificate, upstream = tmp_path / "key", tmp_path / "pem", Upstream()
        subprocess.run(
            [shutil.which("openssl") or "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
             "-keyout", str(key), "-out", str(certificate), "-days", "1", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        port, text = free_port(), (DEPLOY / "yibao.conf").read_text(encoding="utf-8")
        lines = re.findall(r"    # ((?:ssl_|add_header).*;)", text)
        example = {f"# {line}": line for line in lines}
        example |= {"# listen 443": f"listen 127.0.0.1:{port}",
                    "/etc/nginx/tls/yibao.pem": str(certificate),
                    "/etc/nginx/tls/yibao.key": str(key)}
        new_nginx(upstream.server_port, example)
        trusting = ssl.create_default_context(cafile=str(certificate))
        status, headers, body = get(f"https://localhost:{port}/", context=trusting)
        upstream.shutdown()
        assert status == 200 and json.loads(body)["X-Forwarded-Proto"] == "https"
        assert headers["Strict-Transport-Security"]
