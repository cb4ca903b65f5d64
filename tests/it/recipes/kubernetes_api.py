"""A stand-in for the part of Kubernetes' API that server-side apply to a Secret needs: discovery, reading, and applying
with an owner for each key, whose conflicts are refused. Prints its port, then each change as a line of JSON. Ends with its
input."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SECRETS = "/api/v1/namespaces/apps/secrets/"
RESOURCE = {
    "name": "secrets", "singularName": "secret", "namespaced": True, "kind": "Secret",
    "verbs": ["create", "get", "list", "patch"],
}
DISCOVERY = {
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
    "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": [RESOURCE]},
}
# A Secret that is there before, and who manages its keys: {"name": …, "data": …, "owners": …}.
held = {}
for text in sys.argv[1:]:
    given = json.loads(text)
    held[given["name"]] = {"data": given["data"], "owners": given["owners"], "annotations": {}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def refuse(self, code, reason, message):
        self.answer(code, {
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code, "message": message,
        })

    def secret(self, name):
        own = held[name]
        metadata = {"name": name, "namespace": "apps", "annotations": own["annotations"]}
        return {"kind": "Secret", "apiVersion": "v1", "type": "Opaque", "metadata": metadata, "data": own["data"]}

    def do_GET(self):
        path = urlsplit(self.path).path
        if path in DISCOVERY:
            self.answer(200, DISCOVERY[path])
        elif path.startswith(SECRETS) and path[len(SECRETS):] in held:
            self.answer(200, self.secret(path[len(SECRETS):]))
        else:
            self.refuse(404, "NotFound", f"{path} not found")

    def do_PATCH(self):
        url = urlsplit(self.path)
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        query = parse_qs(url.query)
        manager, name = query["fieldManager"][0], url.path[len(SECRETS):]
        assert self.headers["Content-Type"] == "application/apply-patch+yaml", self.headers["Content-Type"]
        applied = json.loads(sent)
        own = held.setdefault(name, {"data": {}, "owners": {}, "annotations": {}})
        for key, value in applied["data"].items():
            owner = own["owners"].get(key, manager)
            if owner != manager and own["data"].get(key) != value and query.get("force") != ["true"]:
                self.refuse(409, "Conflict", f'Apply failed with 1 conflict: conflict with "{owner}": .data.{key}')
                return
        own["data"].update(applied["data"])
        own["owners"].update({key: manager for key in applied["data"]})
        own["annotations"].update(applied["metadata"].get("annotations", {}))
        print(json.dumps({"name": name, "data": own["data"], "annotations": own["annotations"]}), flush=True)
        self.answer(200, self.secret(name))


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"port={server.server_port}", flush=True)
sys.stdin.read()
