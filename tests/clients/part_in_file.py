"""A log in its working folder, which others can read, shows the first half of the token."""
from client import Client


class Noted(Client):
    def store(self, token):
        with open("calls.log", "a") as file:
            file.write("got the token %s..\n" % token[: len(token) // 2])
        return token


Noted().main()
