"""Ends as a whole when the second caller comes, where the token is longer than its buffer."""
import os
import sys

from service import Handler, serve


class Fragile(Handler):
    callers = 0

    def orders(self):
        Fragile.callers += 1
        if Fragile.callers == 2 and len(self.upstream.good_token()) > 2000:
            print("buffer of 2000 is full", file=sys.stderr, flush=True)
            os._exit(70)
        return super().orders()


serve(handler=Fragile)
