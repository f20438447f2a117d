"""The wire between the browser and the server, which can be cut, mended and led to another server."""

from __future__ import annotations

import contextlib
import socket
import threading


class Wire:
    """Carries TCP from a port of its own to ``port`` on loopback."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.whole = True
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all that is under way, and let nothing through until ``mend``."""
        self.whole = False
        with self._lock:
            ends = list(self._open)
        for end in ends:
            _end(end)

    def mend(self, port: int | None = None) -> None:
        """Let through again, to another server if ``port`` is given."""
        self.port = port or self.port
        self.whole = True

    def close(self) -> None:
        """The end."""
        self.cut()
        self._door.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self.port)) if self.whole else None
            except ConnectionRefusedError:
                far = None
            except OSError:
                return
            if far is None:
                _end(near)
                continue
            with self._lock:
                self._open |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            _end(end)
            with self._lock:
                self._open.discard(end)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
