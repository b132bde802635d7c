"""A PostgreSQL server of a test's own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path

import psutil
import psycopg
from psycopg import sql


class Postgres:
    """A PostgreSQL server of the test run's own: a Unix socket, no port, nothing kept."""

    def __init__(self, binaries: Path, home: Path) -> None:
        self.home = home
        user = "postgres" if os.geteuid() == 0 else None
        if user:
            shutil.chown(home, user)
        data = home / "data"
        initdb = f"-D {data} -U postgres -A trust -E UTF8 --no-sync".split()
        subprocess.run([str(binaries / "initdb"), *initdb], check=True, capture_output=True, cwd=home, user=user)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(home),
            "fsync": "off",
            "timezone": "Asia/Tokyo",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._command = [str(binaries / "postgres"), "-D", str(data), *options]
        self.start()

    def start(self) -> None:
        with (self.home / "postgres.log").open("ab") as log:
            user = "postgres" if os.geteuid() == 0 else None
            self.process = subprocess.Popen(self._command, cwd=self.home, stdout=log, stderr=log, user=user)

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.home}"

    def wait(self) -> None:
        for _ in range(200):
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start in ten seconds.")

    def create(self, name: str, template: str = "template1") -> str:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def kill(self) -> None:
        """Every process of it ends where it stands."""
        one = psutil.Process(self.process.pid)
        for process in (one, *one.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait(20)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None
