"""Runs a command on a pseudo-terminal of so many columns and writes what a person would see to a file.

Usage: terminal.py COLUMNS FILE COMMAND ..
"""

import fcntl
import os
import pty
import struct
import sys
import termios

columns, path, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    os.environ["TERM"] = "xterm"
    for name in ("CI", "COLUMNS", "NO_COLOR"):
        os.environ.pop(name, None)
    os.execvp(command[0], command)
with open(path, "wb") as seen:
    while True:
        try:
            read = os.read(terminal, 65536)
        except OSError:
            break
        if not read:
            break
        seen.write(read)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
