"""The server beside a package that is a client only: versions and details, for the partner to look at, and results of
commands."""

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Callback:
    """A server on a port that the system chooses."""

    def __init__(self, version, endpoints):
        self.results = queue.Queue()
        callback = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/versions":
                    self._reply([{"version": version, "url": f"{callback.url}/{version}"}])
                elif self.path == f"/{version}":
                    self._reply({"version": version, "endpoints": callback._details(endpoints)})
                else:
                    self.send_error(404)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                callback.results.put((self.path, json.loads(body)))
                self._reply(None)

            def _reply(self, data):
                envelope = {"data": data, "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}
                body = json.dumps(envelope).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def _details(self, endpoints):
        return [
            {"identifier": module, "url": f"{self.url}/modules/{module}"} | ({"role": role} if role else {})
            for module, role in endpoints
        ]

    def result(self, name):
        """Awaits the result of the command whose response_url ends with this name."""
        path, body = self.results.get(timeout=20)
        if path != f"/modules/commands/{name}":
            raise ValueError(f"a result came to {path}")
        return body["result"]
