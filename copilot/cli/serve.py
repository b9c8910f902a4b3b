"""`copilot serve`: the web server and, in the same process, everything that needs the index."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

from copilot.cli.groups import Command
from copilot.cli.people import demo_people
from copilot.cli.terminal import Terminal, pass_terminal
from copilot.errors import Conflict
from copilot.services import background

_THREADS = 64  # A draft that streams by holds one for as long as it is watched.
_GRACE = 6  # Seconds for what runs when the server is told to stop.


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, envvar="PORT", show_envvar=True
)
@pass_terminal
def command(terminal: Terminal, host: str, port: int) -> None:
    """Start the web server, with the jobs and the sending beside it."""
    # Taken before anything else: a second server on the same folder must change nothing there.
    terminal.house.own("server")
    _require_free(host, port)
    terminal.house.prepare()
    Server(terminal, host, port).run()


class Server(BaseApplication):  # type: ignore[misc]
    """One process with threads: the embedded index is for exactly one process, and streams are patient."""

    def __init__(self, terminal: Terminal, host: str, port: int) -> None:
        self._terminal = terminal
        self._host = host
        self._port = port
        self._stop: Callable[[], None] | None = None
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}",
            "worker_class": Threads,
            "workers": 1,
            "threads": _THREADS,
            "timeout": 120,
            "graceful_timeout": _GRACE,
            "keepalive": 5,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": self._announce,
            "worker_exit": self._exit,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Called in the worker, after the fork: no connection and no thread is ever shared."""
        self._services, app = self._terminal.house.open_web(self._host)
        self._stop = background.start(self._services)
        return app

    def _announce(self, worker: Any) -> None:
        host, port = worker.sockets[0].getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        self._terminal.say("cli.serving", url=f"http://{shown}:{port}")
        if self._services.demo_mode:
            for line in demo_people(self._terminal, self._services.accounts):
                click.echo(line)

    def _exit(self, _arbiter: Any, _worker: Any) -> None:
        if self._stop is not None:
            self._stop()


class Threads(ThreadWorker):  # type: ignore[misc]
    """Waits for a client to hang up in the thread that served it.

    The class it derives from waits in the one loop that serves everybody: a script that asked for its
    connection to be closed, and then held on to it, kept every page waiting for two seconds.
    """

    def handle(self, conn: TConn) -> object:
        stays = super().handle(conn)
        if not stays:
            conn.close(graceful=True)
            conn.close = _closed
        return stays


def _closed(graceful: bool = False) -> None:
    """Stands in for the closing of a connection that is closed."""


def _require_free(host: str, port: int) -> None:
    """Says at once that an address cannot be had; the server itself would try again for seconds."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as exc:
        raise Conflict("error.cannot_listen", host=host, port=port, detail=exc.strerror or str(exc)) from exc
