"""What the services of these tests share: a server that calls the API for each of its callers.

Each service changes one thing of it. Nothing but the standard library is used.
"""
import http.server
import json
import os

from client import Client


class Failed(Exception):
    """The API cannot be asked; the service goes on."""


class Upstream(Client):
    """A right client in a service: it raises where a program would end."""

    def call(self, path="/orders"):
        try:
            return super().call(path)
        except SystemExit as ended:
            raise Failed(str(ended))


class Handler(http.server.BaseHTTPRequestHandler):
    upstream = None

    def do_GET(self):
        if self.path == "/health":
            return self.answer(200, {"status": "up"})
        try:
            self.answer(200, self.orders())
        except Failed as failed:
            self.answer(502, {"error": str(failed)})

    def orders(self):
        """What the callers get."""
        return {"items": len(self.upstream.call()["items"])}

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, form, *values):
        print(form % values, flush=True)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # Five requests at once, on a busy machine.
    request_queue_size = 64


def serve(upstream=None, handler=Handler, port=None):
    """Serves until it is stopped."""
    handler.upstream = upstream or Upstream()
    port = int(os.environ["CUTOVER_PORT"]) if port is None else port
    server = Server(("127.0.0.1", port), handler)
    print("listening on port", server.server_address[1], flush=True)
    server.serve_forever()
