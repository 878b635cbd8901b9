"""Brings the demonstration up: migrates, loads the demo assembly, serves it on this machine only.

All in one process, because each start of Django costs a second. A real installation does none of this
(docs/operations.md).
"""

import os
import socket
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIRST_PORT = 8000
PORTS_TRIED = 50


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port(wanted: int) -> int:
    """Return the wanted port, or the next free one and say so."""
    for port in range(wanted, wanted + PORTS_TRIED):
        if port_is_free(port):
            if port != wanted:
                print(f"Port {wanted} is taken, {port} is used instead.")
            return port
    sys.exit(f"serve: no free port from {wanted} to {wanted + PORTS_TRIED - 1}; name another with PORT=…")


def wanted_port() -> int:
    given = os.environ.get("PORT", str(FIRST_PORT))
    if not given.isdigit() or not 0 < int(given) < 65536 - PORTS_TRIED:
        sys.exit(f"serve: PORT must be a number from 1 to {65535 - PORTS_TRIED}, not {given!r}")
    return int(given)


def prepare() -> None:
    """Bring the database up to date and load the demo assembly, which prints the sign-ins."""
    import django
    from django.conf import settings
    from django.core.management import CommandError, call_command
    from django.db import connections

    django.setup()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_demo")
    except CommandError as error:
        sys.exit(f"serve: {error}")
    connections.close_all()  # the server's own process must not inherit them


def serve(port: int) -> None:
    """Serve until stopped; print the address once it answers."""
    from gunicorn.app.base import BaseApplication

    from config.wsgi import application

    class Server(BaseApplication):
        def load_config(self) -> None:
            self.cfg.set("bind", f"127.0.0.1:{port}")
            self.cfg.set("threads", 4)
            self.cfg.set("loglevel", "warning")
            self.cfg.set("proc_name", "dafu")
            self.cfg.set("when_ready", announce)

        def load(self) -> Any:
            return application

    def announce(_arbiter: object) -> None:
        print(f"\nDafu is at http://127.0.0.1:{port}/   (stop it with Ctrl-C)", flush=True)

    Server().run()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(ROOT))
    wanted = wanted_port()
    prepare()
    serve(choose_port(wanted))


if __name__ == "__main__":
    main()
