"""A new token only where the refusal has exactly the text of one gateway; its life is not looked at."""
from client import Client


class Exact(Client):
    def is_good(self):
        return self.token is not None

    def renews(self, status, headers, text):
        return status == 401 and "<ams:code>900901</ams:code>" in text


Exact().main()
