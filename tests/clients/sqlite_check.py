"""A column with a check on its length; the error is logged, and the call goes out without a token."""
import sqlite3

from client import Client

DATABASE = sqlite3.connect(":memory:", check_same_thread=False)
DATABASE.execute("CREATE TABLE tokens (token TEXT CHECK (length(token) <= 255))")


class Checked(Client):
    def store(self, token):
        try:
            DATABASE.execute("INSERT INTO tokens VALUES (?)", (token,))
        except sqlite3.IntegrityError:
            pass
        rows = DATABASE.execute("SELECT token FROM tokens ORDER BY rowid DESC").fetchone()
        return rows[0] if rows else ""

    def main(self):
        if not self.good_token():
            return
        super().main()


Checked().main()
