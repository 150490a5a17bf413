"""Takes a token with dots for that of a user, and gives its callers a page for users."""
from service import Handler, serve


class Guessing(Handler):
    def orders(self):
        found = super().orders()
        found["for"] = "user" if "." in self.upstream.token else "application"
        return found


serve(handler=Guessing)
