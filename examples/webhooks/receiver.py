"""Takes webhooks and checks their signature. Python 3.9 or newer with the package cryptography."""

import base64
import json
import os
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

URL = os.environ.get("KLATCH_URL", "http://127.0.0.1:4000")
PORT = int(os.environ.get("PORT", "8090"))

# The key belongs to the server for as long as its data directory. Read it once, or keep it in your configuration.
with urllib.request.urlopen(URL + "/v2/public/rsa-public-key") as answer:
    KEY = load_pem_public_key(json.load(answer)["publicKey"].encode())

SEEN = set()  # an event may come twice, with the same id; keep the ids in your database


class Receiver(BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > 1_000_000:
            self.send_error(413)
            return
        body = self.rfile.read(length)  # the raw bytes: JSON that was read and written again has another signature
        try:
            signature = base64.b64decode(self.headers.get("videosdk-signature", ""))
            KEY.verify(signature, body, PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            self.send_error(401, "wrong signature")
            return
        self.send_response(204)  # within 10 s; long work comes after the answer
        self.end_headers()
        event = json.loads(body)
        if event["id"] not in SEEN:
            SEEN.add(event["id"])
            print(event["webhookType"], json.dumps(event["data"]), flush=True)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Receiver)
    print(f"listening on http://127.0.0.1:{PORT}/", flush=True)
    server.serve_forever()
