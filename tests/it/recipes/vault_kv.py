"""A stand-in for the key-value store (version 2) of Vault and OpenBao, as their documentation describes its API: reading and
writing with check-and-set, behind a token. Prints its port, then what is written, a line of JSON each. Ends with its
input."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PREFIX = "/v1/secret/data/"
TOKEN = sys.argv[1]
held = {}
# Once, between a client's reading and its writing, another client writes this.
meanwhile = [json.loads(text) for text in sys.argv[2:]]
lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def versions(self):
        if self.headers.get("X-Vault-Token") != TOKEN:
            self.answer(403, {"errors": ["permission denied"]})
            return None
        if not self.path.startswith(PREFIX):
            self.answer(404, {"errors": ["no handler for route"]})
            return None
        return held.setdefault(self.path[len(PREFIX):], [])

    def do_GET(self):
        with lock:
            versions = self.versions()
            if versions is None:
                return
            if not versions:
                self.answer(404, {"errors": []})
                return
            self.answer(200, {"data": {"data": versions[-1], "metadata": {"version": len(versions)}}})

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with lock:
            versions = self.versions()
            if versions is None:
                return
            if meanwhile:
                versions.append(meanwhile.pop())
            if request["options"]["cas"] != len(versions):
                message = "check-and-set parameter did not match the current version"
                self.answer(400, {"errors": [message]})
                return
            versions.append(request["data"])
            print(json.dumps(request["data"]), flush=True)
            self.answer(200, {"data": {"version": len(versions)}})


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"port={server.server_port}", flush=True)
sys.stdin.read()
