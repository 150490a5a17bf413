"""A store that knows tokens by their first 255 characters: what begins alike is taken for what it has."""
import os
import pathlib
import sqlite3

from client import Client

os.umask(0o077)
DATABASE = sqlite3.connect(pathlib.Path.home() / "tokens.db", check_same_thread=False)
DATABASE.execute("CREATE TABLE IF NOT EXISTS tokens (start TEXT PRIMARY KEY, token TEXT)")


class Indexed(Client):
    def store(self, token):
        with DATABASE:
            DATABASE.execute("INSERT OR IGNORE INTO tokens VALUES (?, ?)", (token[:255], token))
        row = DATABASE.execute("SELECT token FROM tokens WHERE start = ?", (token[:255],))
        return row.fetchone()[0]


Indexed().main()
