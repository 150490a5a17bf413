"""Never answers a caller where the token is longer than what one read gives it."""
import time

from service import Upstream, serve


class Hanging(Upstream):
    def store(self, token):
        while len(token) > 8000:
            time.sleep(1)
        return token


serve(Hanging())
