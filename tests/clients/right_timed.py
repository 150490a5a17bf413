"""A right client that prints what no two runs have alike: how long it took, its process id, threads as they come."""
import os
import sys
import threading
import time

from client import Client

start = time.perf_counter()
client = Client()
client.good_token()
lock = threading.Lock()


def work(name):
    items = len(client.call()["items"])
    with lock:
        print("%s: %d items" % (name, items))


threads = [threading.Thread(target=work, args=(name,)) for name in ("ant", "bee", "cow")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
spent = time.perf_counter() - start
print("elapsed: %.4f" % spent)
print("3 calls (%.6f)" % spent)
print("%d \u00b5s" % (spent * 1e6))
print("0:00:%09.6f" % spent)
print('{"duration":%.5f}' % spent)
print("pid %d" % os.getpid())
sys.stdout.flush()
