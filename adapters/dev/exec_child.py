"""Becomes a child process that cannot outlive its launcher: `exec_child.py PARENT SIGNAL UID GID COMMAND...`.

Started by path with `python -I -S`, so it knows the standard library and nothing else. It drops to the
given account first, since a change of account would clear the parent-death signal (prctl(2)). A user and
group of -1 mean: stay who you are.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Replace this process by the command; the kernel will send it SIGNAL when PARENT dies (Linux only)."""
    parent, stop_signal, uid, gid = (int(word) for word in sys.argv[1:5])
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, stop_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above took hold
            sys.exit(1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(sys.argv[5], sys.argv[5:])  # noqa: S606 - no shell is wanted here
    except OSError as error:
        sys.exit(f"{sys.argv[5]}: {error.strerror}")


if __name__ == "__main__":
    main()
