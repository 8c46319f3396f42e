"""A web server that has its users' names and hands out tokens for meetings. Python 3.9 or newer, no packages."""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

URL = os.environ.get("KLATCH_URL", "http://127.0.0.1:4000")
API_KEY, SECRET = os.environ.get("KLATCH_API_KEY"), os.environ.get("KLATCH_SECRET")
PORT = int(os.environ.get("PORT", "8080"))
PAGE = pathlib.Path(__file__).with_name("page.html").read_bytes()


def mint(**claims):
    """A JSON Web Token signed with HMAC SHA-256 (RFC 7519). The package PyJWT does the same."""

    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    claims = {"apikey": API_KEY, "version": 2, "iat": int(time.time()), **claims}
    signed = b".".join(encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return (signed + b"." + encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest())).decode()


def in_seconds(seconds):
    return int(time.time()) + seconds


def rest(method, path, body):
    """Calls REST with a token that stays on this server."""
    token = mint(permissions=["allow_join"], roles=["crawler"], exp=in_seconds(60))
    headers = {"Authorization": token, "Content-Type": "application/json"}
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def join(name, meetingId=None):
    """What the page needs to join. The guest's id, the meeting and an hour are all that the token is good for."""
    # Your sign-in belongs here: this example believes everybody's name.
    meeting_id = meetingId or rest("POST", "/v2/rooms", {})["roomId"]
    participant_id = str(uuid.uuid4())
    token = mint(
        permissions=["allow_join"], roles=["rtc"], roomId=meeting_id, participantId=participant_id, exp=in_seconds(3600)
    )
    return {"serverUrl": URL, "meetingId": meeting_id, "participantId": participant_id, "name": name, "token": token}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.split("?")[0] == "/":
            self.answer(200, PAGE, "text/html; charset=utf-8")
        else:
            self.answer(404, b"", "text/plain")

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/join" or length > 10_000:
            return self.answer(404 if self.path != "/join" else 413, b"", "text/plain")
        try:
            asked = json.loads(self.rfile.read(length))
            status, answer = 200, join(asked["name"], asked.get("meetingId"))
        except urllib.error.HTTPError as error:
            # A fault of Klatch goes on to the page as it is: it has code, reason, detail and remedy.
            return self.answer(error.code, error.read())
        except (ValueError, KeyError, TypeError) as error:
            status, answer = 400, {"detail": f"not what the page sends: {error!r}"}
        except OSError as error:
            status, answer = 502, {"detail": f"{URL} does not answer: {error}"}
        self.answer(status, json.dumps(answer).encode())

    def answer(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    if not API_KEY or not SECRET:
        sys.exit("Set KLATCH_API_KEY and KLATCH_SECRET (klatch admin key create --account ACCOUNT prints both).")
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    print(f"http://127.0.0.1:{PORT}/", flush=True)
    server.serve_forever()
