"""A proxy of a few lines in a process of its own: `python -m tests.browser.forward PORT TO HOW`.

HOW is `told` (it says for whom it asks, as a proxy should) or `silent` (as nginx does where nobody set
it up: HTTP/1.0, the name of the machine it asks, and no word about who asked).
"""

import http.client
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEPT = ("accept", "accept-language", "cookie", "if-none-match", "origin", "x-forwarded-for")


class Forwarding(BaseHTTPRequestHandler):
    """Asks the server behind it the same, and answers with its answer."""

    def do_GET(self) -> None:
        to, how = int(sys.argv[2]), sys.argv[3]
        asked = {name: self.headers[name] for name in KEPT if self.headers[name]}
        if how == "told":
            asked |= {"Host": self.headers["Host"], "X-Forwarded-For": self.client_address[0],
                      "X-Forwarded-Proto": "https"}  # fmt: skip
        else:
            asked |= {"Host": f"127.0.0.1:{to}", "Connection": "close"}
        lines = [
            f"GET {self.path} HTTP/1.{int(how == 'told')}",
            *(f"{k}: {v}" for k, v in asked.items()),
        ]
        try:
            with socket.create_connection(("127.0.0.1", to), timeout=30) as behind:
                behind.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
                answer = http.client.HTTPResponse(behind)
                answer.begin()
                body = answer.read()
        except OSError:
            self.send_error(502)
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Forwarding).serve_forever()
