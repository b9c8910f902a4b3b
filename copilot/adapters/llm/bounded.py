"""An HTTP client for model services whose read timeout holds for the whole answer, not for each read.

A server that sends a byte now and then passes every per-read timeout for ever. Here a watchman shuts the
socket down when the time is over, which wakes a blocked read at once, in whatever thread it waits.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx2
import openai

_LAST_EVENT = b"[DONE]"
_DRAIN_SECONDS = 0.05


class BoundedClient(openai.DefaultHttpxClient):
    """Keeps the environment's proxies, which a custom transport would switch off."""

    def send(self, request: httpx2.Request, **kwargs: Any) -> httpx2.Response:
        seconds = request.extensions.get("timeout", {}).get("read")
        if seconds is None:
            return super().send(request, **kwargs)
        watch = _Watch(seconds)
        request.extensions = {**request.extensions, "trace": watch.trace}
        try:
            response = super().send(request, **kwargs)
        except Exception as exc:
            watch.stop()
            if watch.expired:
                raise httpx2.ReadTimeout("the answer took too long", request=request) from exc
            raise
        if response.is_closed:
            watch.stop()
        else:
            network = response.extensions.get("network_stream")
            watch.guard(network)
            assert isinstance(response.stream, httpx2.SyncByteStream)
            response.stream = _Watched(response.stream, watch, network)
        return response


class _Watch:
    """Shuts down the socket it guards when the time is over; without one it only remembers that it is."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(max(0.0, seconds), self._expire)
        self._timer.daemon = True
        self._timer.start()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Learns of a new connection before the answer's head has come."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self.guard(info["return_value"])

    def guard(self, stream: Any) -> None:
        with self._lock:
            self._socket = stream.get_extra_info("socket") if stream is not None else None
            if self.expired:
                self._shut()

    def stop(self) -> None:
        """After this the socket is somebody else's: it may serve another request."""
        with self._lock:
            self._timer.cancel()
            self._socket = None

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                # Of the plain socket: that of an SSL socket would take the session from under its reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Watched(httpx2.SyncByteStream):
    """The body of an answer under watch. One that ends without a byte was cut: no model answers nothing."""

    def __init__(self, inner: httpx2.SyncByteStream, watch: _Watch, network: Any) -> None:
        self._inner = inner
        self._chunks = iter(inner)
        self._watch = watch
        self._network = network
        self._tail = b""

    def __iter__(self) -> Iterator[bytes]:
        try:
            for chunk in self._chunks:
                self._tail = (self._tail + chunk)[-32:]
                yield chunk
        except httpx2.TransportError as exc:
            if self._watch.expired:
                raise httpx2.ReadTimeout("the answer took too long") from exc
            raise
        if self._watch.expired:
            raise httpx2.ReadTimeout("the answer took too long")
        if not self._tail:
            raise httpx2.RemoteProtocolError("the answer ended before it began")

    def close(self) -> None:
        self._watch.stop()
        if self._tail.rstrip().endswith(_LAST_EVENT):
            self._drain()
        self._inner.close()

    def _drain(self) -> None:
        """Reads what little follows the last event: a connection read to its end serves another draft."""
        watch = _Watch(_DRAIN_SECONDS)
        watch.guard(self._network)
        with suppress(httpx2.TransportError, httpx2.StreamError):
            for _ in self._chunks:
                pass
        watch.stop()
