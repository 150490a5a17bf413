"""Waits at its start for a token that looks like a UUID, and takes no callers before."""
import re
import sys
import time

from service import Upstream, serve

upstream = Upstream()
while not re.fullmatch("[0-9a-f-]{36}", upstream.good_token()):
    print("waiting for a valid token", file=sys.stderr, flush=True)
    time.sleep(0.5)
serve(upstream)
