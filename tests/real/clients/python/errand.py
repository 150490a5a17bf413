"""What every program here does with its library: an errand of a few calls, told apart by the profile.

The libraries differ in how they have a token and send it, and in nothing else.
"""
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

TOKEN_URL = os.environ["CUTOVER_TOKEN_URL"]
API_URL = os.environ["CUTOVER_API_URL"]
CLIENT_ID = os.environ["CUTOVER_CLIENT_ID"]
CLIENT_SECRET = os.environ["CUTOVER_CLIENT_SECRET"]
USERNAME = os.environ["CUTOVER_USERNAME"]
PASSWORD = os.environ["CUTOVER_PASSWORD"]
PROFILE = os.environ["CUTOVER_PROFILE"]

# Where refresh tokens are what it is about, a user logs in; else it is the client itself.
AS_USER = "refresh" in PROFILE or PROFILE == "parallel-rotation"
# Where tokens live 3 seconds, and calls are made one after the other.
LAPSE = PROFILE == "short-lived" or ("refresh" in PROFILE and PROFILE != "no-refresh-token")
# Calls at once before there is a token.
COLD = PROFILE == "cold-start"
# Beyond the life of a token of 3 seconds, which is taken for up to 5.
BEYOND = 5.5


def run(get):
    """Calls the API with `get`, which takes a URL and gives an answer of requests or httpx."""

    def call(path):
        answer = get(API_URL + path)
        if answer.status_code != 200:
            sys.exit("%s: the API answered %d" % (path, answer.status_code))
        return len(answer.json()["items"])

    items = None if COLD else call("/customers/1")
    if COLD or PROFILE.startswith("parallel-"):
        time.sleep(0 if COLD else BEYOND)
        with ThreadPoolExecutor(5) as pool:
            items = max(pool.map(call, ["/orders/%d" % at for at in range(5)]))
    else:
        for path in ("/orders", "/orders/1"):
            if LAPSE:
                time.sleep(BEYOND)
            items = call(path)
    print(items, "items")
