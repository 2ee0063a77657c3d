"""An Asterisk that can do nothing but answer: ARI by HTTP, AMI by TCP, from tables that a test fills."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, Self


class Answering:
    """`ari` maps "GET asterisk/info" to a status and a body, `ami` maps an action to its messages.

    What stands in neither is not found. `asked` has all that was asked."""

    def __init__(self) -> None:
        self.ari: dict[str, tuple[int, Any]] = {}
        self.ami: dict[str, str] = {"Login": "Response: Success\r\n\r\n", "Ping": "Response: Success\r\n\r\n"}
        self.asked: list[str] = []
        self._servers = (_Http(self), _Tcp(self))
        self.ari_port, self.ami_port = (int(server.server_address[1]) for server in self._servers)

    def __enter__(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def says(self, action: str, *messages: str) -> None:
        """An action's answer: one message, or a list of several."""
        begins = "Response: Success\r\n" + ("EventList: start\r\n" if len(messages) > 1 else "")
        ends = "Event: End\r\nEventList: Complete\r\n\r\n" if len(messages) > 1 else ""
        first, *rest = messages
        self.ami[action] = begins + f"{first}\r\n\r\n" + "".join(f"{message}\r\n\r\n" for message in rest) + ends


class _Http(ThreadingHTTPServer):
    def __init__(self, asterisk: Answering) -> None:
        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                request = f"{self.command} {self.path.removeprefix('/ari/')}"
                asterisk.asked.append(request)
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, body = asterisk.ari.get(request, (404, {"message": "not found"}))
                content = json.dumps(body).encode() if body is not None else b""
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_PUT = do_DELETE = do_POST = answer

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)


class _Tcp(ThreadingTCPServer):
    def __init__(self, asterisk: Answering) -> None:
        class Handler(StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"Asterisk Call Manager/11.0.0\r\n")
                for line in self.rfile:
                    name, _, action = line.decode().strip().partition(": ")
                    if name == "Action":
                        asterisk.asked.append(action)
                        refusal = "Response: Error\r\nMessage: Permission denied\r\n\r\n"
                        self.wfile.write(asterisk.ami.get(action, refusal).encode())

        super().__init__(("127.0.0.1", 0), Handler)
