"""Refuses long tokens with an answer of its own, and never says so anywhere else."""
from service import Failed, Handler, serve


class Masking(Handler):
    def orders(self):
        found = super().orders()
        if len(self.upstream.token) > 8000:
            raise Failed("try again later")
        return found


serve(handler=Masking)
