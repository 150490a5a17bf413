"""Right: has no callers; it calls the API again and again by itself, until SIGINT ends it."""
import time

from client import Client

client = Client()
client.good_token()
print("working", flush=True)
try:
    while True:
        print(len(client.call()["items"]), "items", flush=True)
        time.sleep(0.4)
except KeyboardInterrupt:
    pass
