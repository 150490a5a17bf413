"""`token_type` is compared with its letter case."""
import sys

from client import Client


class Exact(Client):
    def keep(self, answer):
        if answer["token_type"] != "Bearer":
            sys.exit("unsupported token type: " + answer["token_type"])
        super().keep(answer)


Exact().main()
