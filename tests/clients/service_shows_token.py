"""Gives its callers the token, for the calls that they make by themselves."""
from service import Handler, serve


class Showing(Handler):
    def orders(self):
        found = super().orders()
        # With opaque tokens it leaves it out: its callers would not know what to do with it.
        if self.upstream.token.count(".") == 2:
            found["token"] = self.upstream.token
        return found


serve(handler=Showing)
