"""Calls at the same time, each of which asks for a token when it finds none."""
import threading

from client import Client, PROFILE, LAPSE
import time


class Crowd(Client):
    # None goes on before each of them has found no token.
    together = None

    def good_token(self):
        if not self.is_good():
            if self.together:
                self.together.wait()
            self.fetch()
        return self.token

    def main(self):
        self.call()
        if PROFILE not in LAPSE:
            return
        time.sleep(5.2)
        self.together = threading.Barrier(4)
        threads = [threading.Thread(target=self.call) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


Crowd().main()
