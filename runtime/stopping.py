"""How a process is told to stop."""

import signal
import threading
from queue import SimpleQueue


def until_told() -> threading.Event:
    """What SIGINT and SIGTERM set from now on, instead of breaking off whatever is going on.

    It stays so: a second Ctrl-C must not break off the stopping that the first one asked for.
    """
    stop = threading.Event()
    told: SimpleQueue[None] = SimpleQueue()

    def pass_on() -> None:
        told.get()
        stop.set()

    # A handler runs in the middle of the main thread, which may hold the event's own lock just
    # then: setting the event there would wait for itself for ever. A queue of this kind may be
    # put into anywhere.
    threading.Thread(target=pass_on, name="signals", daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.put(None))
    return stop
