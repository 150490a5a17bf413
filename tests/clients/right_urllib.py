"""A right client with urllib and no state but its token."""
import base64
import json
import os
import time
import urllib.error
import urllib.request


def token():
    pair = os.environ["CUTOVER_CLIENT_ID"] + ":" + os.environ["CUTOVER_CLIENT_SECRET"]
    request = urllib.request.Request(
        os.environ["CUTOVER_TOKEN_URL"],
        b"grant_type=client_credentials",
        {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
    )
    for _ in range(3):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)["access_token"]
        except urllib.error.HTTPError as error:
            time.sleep(float(error.headers.get("Retry-After", "1")))
    raise SystemExit("no token")


current = token()
for _ in range(2):
    url = os.environ["CUTOVER_API_URL"] + "/orders?limit=2"
    for attempt in (1, 2):
        try:
            request = urllib.request.Request(url, headers={"Authorization": "Bearer " + current})
            with urllib.request.urlopen(request, timeout=30) as answer:
                print(answer.status, len(answer.read()))
            break
        except urllib.error.HTTPError as error:
            if error.code != 401 or attempt == 2:
                raise
            current = token()
