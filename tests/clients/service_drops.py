"""A handler ends in the middle where the token has dots: its caller gets no answer, the service goes on."""
from service import Handler, serve


class Dropping(Handler):
    def orders(self):
        found = super().orders()
        if "." in self.upstream.token:
            raise ValueError("unexpected token")
        return found


serve(handler=Dropping)
