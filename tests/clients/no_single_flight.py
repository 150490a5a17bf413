"""Calls at the same time, each of which asks for a token when it finds none."""
import threading

from client import Client, PROFILE, LAPSE
import time


class Crowd(Client):
    # Those that are still to find no token. None goes on before each of them has.
    crowd = set()
    start = threading.Barrier(4)

    def good_token(self):
        if not self.is_good():
            me = threading.current_thread()
            if me in self.crowd:
                self.crowd.remove(me)
                self.start.wait()
            self.fetch()
        return self.token

    def main(self):
        self.call()
        if PROFILE not in LAPSE:
            return
        time.sleep(5.2)
        threads = [threading.Thread(target=self.call) for _ in range(4)]
        self.crowd = set(threads)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


Crowd().main()
