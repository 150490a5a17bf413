"""Right: has its token before it takes callers, at a port that the system gives it; ends when it is asked to."""
import threading

from service import Handler, Upstream, serve


class Stoppable(Handler):
    def do_POST(self):
        self.answer(202, {"status": "ending"})
        threading.Thread(target=self.server.shutdown).start()


upstream = Upstream()
upstream.good_token()
serve(upstream, Stoppable, port=0)
print("ended in order", flush=True)
