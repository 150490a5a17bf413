"""A buffer of a fixed size: its end is that of the process."""
import os
import signal

from client import Client


class Crashing(Client):
    def store(self, token):
        if len(token) > 2000:
            os.kill(os.getpid(), signal.SIGSEGV)
        return token


Crashing().main()
