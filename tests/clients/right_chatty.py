"""A right client that says much on standard error, and never the same."""
import os
import random
import sys
import time

from client import Client


def say(text):
    print("%s [%d] %s" % (time.strftime("%H:%M:%S"), os.getpid(), text), file=sys.stderr)


class Chatty(Client):
    def store(self, token):
        say("token %s... of %d characters" % (token[:6], len(token)))
        return token


name = "%s-%s" % (random.choice(["brave", "calm", "shy"]), "".join(random.choices("abcdefghijklmnop", k=12)))
say("worker %s warns of errors" % name)
Chatty().main()
say("done after %.3f s" % time.process_time())
