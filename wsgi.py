"""The app for a WSGI server of one's own; `copilot serve` is the same with everything set up.

The embedded index is for exactly one process, so that server must run one worker with threads and must not
preload: `gunicorn --workers 1 --threads 64 wsgi:app`. A second worker is refused by the lock below. This
process then also runs the jobs and sends what is due; nothing else need run beside it. Whoever keeps
`demo` on should know that one-click sign-in stays off here, because the bound address is not known.
"""

from __future__ import annotations

from copilot import logs
from copilot.app import create_app
from copilot.bootstrap import build, prepare
from copilot.config import Config
from copilot.services import background

logs.configure()
config = Config()
prepare(config)
services = build(config)
services.ownership.take("server")
stop = background.start(services)
app = create_app(services)
