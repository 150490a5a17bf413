"""What the clients of these tests share: a token, some calls, and the waits between them.

Each client changes one thing of it. Nothing but the standard library is used.
"""
import base64
import http.client
import json
import os
import sys
import threading
import time
import urllib.parse

TOKEN_URL = os.environ["CUTOVER_TOKEN_URL"]
API_URL = os.environ["CUTOVER_API_URL"]
PROFILE = os.environ["CUTOVER_PROFILE"]
# Profiles in which the program has to run beyond the life of its first token (3 seconds, taken for 5).
LAPSE = ("short-lived", "rotate-refresh", "parallel-expiry", "parallel-rotation")


def send(url, method="GET", headers=None, body=None):
    """Sends a request; gives the status, the headers and the body."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    path = parts.path + ("?" + parts.query if parts.query else "")
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, text


class Client:
    """A right client: one token, kept for its life, renewed ahead of its end or at a 401."""

    grant = {"grant_type": "client_credentials"}

    def __init__(self):
        self.token = None
        self.refresh_token = None
        self.until = 0
        self.lock = threading.Lock()

    # What the broken clients change.

    def fields(self):
        """The form of the token request."""
        if self.refresh_token:
            return {"grant_type": "refresh_token", "refresh_token": self.refresh_token}
        return self.grant

    def keep(self, answer):
        """Keeps what the token endpoint answered."""
        self.token = self.store(answer["access_token"])
        self.refresh_token = answer.get("refresh_token", self.refresh_token)
        life = float(answer.get("expires_in", 3600))
        # A tenth of its life ahead of its end, at most half a minute.
        self.until = time.monotonic() + life - min(30, life / 10)

    def store(self, token):
        """What becomes of a token between the answer and the next call."""
        return token

    def is_good(self):
        """Whether the token can still be used."""
        return self.token is not None and time.monotonic() < self.until

    def headers(self, token):
        """The headers of a call."""
        return {"Authorization": "Bearer " + token}

    def url(self, path, token):
        """The URL of a call."""
        return API_URL + path

    def renews(self, status, headers, text):
        """Whether an answer says that a new token is wanted."""
        return status == 401

    # What they share.

    def fetch(self):
        """Asks for a token, and again where the endpoint says so."""
        pair = os.environ["CUTOVER_CLIENT_ID"] + ":" + os.environ["CUTOVER_CLIENT_SECRET"]
        headers = {
            "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        for _ in range(3):
            body = urllib.parse.urlencode(self.fields())
            status, answer, text = send(TOKEN_URL, "POST", headers, body)
            if status == 200:
                return self.keep(json.loads(text))
            if status not in (429, 503):
                break
            time.sleep(float(answer.get("Retry-After", "1")))
        sys.exit("no token: %d" % status)

    def good_token(self):
        """A token that can be used; one thread asks for it while the others wait."""
        with self.lock:
            if not self.is_good():
                self.fetch()
            return self.token

    def give_up(self, token):
        """Forgets a token that was refused, unless another thread did."""
        with self.lock:
            if self.token == token:
                self.token = None

    def call(self, path="/orders"):
        """Calls the API; once more with a new token where it is wanted."""
        for attempt in (1, 2):
            token = self.good_token()
            answer = send(self.url(path, token), headers=self.headers(token))
            if attempt == 1 and self.renews(*answer):
                self.give_up(token)
                continue
            break
        status, _, text = answer
        if status != 200:
            sys.exit("the API answered %d" % status)
        return json.loads(text)

    def main(self):
        """Three calls; with the waits of the profile between them."""
        for _ in range(3):
            print(len(self.call()["items"]), "items")
            if PROFILE in LAPSE:
                time.sleep(2.8)
