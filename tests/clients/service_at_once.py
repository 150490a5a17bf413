"""Asks for a token for each caller that finds none, however many come at once."""

from service import Upstream, serve


class NoLock:
    def __enter__(self):
        pass

    def __exit__(self, *_):
        pass


upstream = Upstream()
upstream.lock = NoLock()
serve(upstream)
