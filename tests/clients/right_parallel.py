"""A right client with threads: one of them asks for a token while the others wait."""
import threading
import time

from client import Client, PROFILE, LAPSE


class Threads(Client):
    def together(self):
        threads = [threading.Thread(target=self.call) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def main(self):
        self.together()
        if PROFILE in LAPSE:
            time.sleep(5.2)
            self.together()


Threads().main()
