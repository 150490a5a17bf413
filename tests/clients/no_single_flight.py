"""Calls at the same time, each of which asks for a token when it finds none."""
import threading

from client import Client, PROFILE, LAPSE
import time


class Crowd(Client):
    def good_token(self):
        if not self.is_good():
            self.fetch()
        return self.token

    def main(self):
        self.call()
        if PROFILE not in LAPSE:
            return
        # All are there before the first of them goes.
        start = threading.Barrier(4)

        def work():
            start.wait()
            self.call()

        time.sleep(5.2)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


Crowd().main()
