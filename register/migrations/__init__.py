"""The register's tables over time, one revision after another."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def config(connection: Connection) -> Config:
    """Alembic's configuration for an open connection; there is no file of it."""
    alembic_config = Config(attributes={"connection": connection})
    alembic_config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    alembic_config.set_main_option("path_separator", "os")
    return alembic_config


@cache
def newest() -> str | None:
    """The revision that this version's tables are."""
    scripts = Config()
    scripts.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    scripts.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(scripts).get_current_head()


def upgrade(connection: Connection) -> None:
    """Run every revision that has not run, in the caller's transaction."""
    command.upgrade(config(connection), "head")


def known() -> frozenset[str]:
    """The ids of every revision that this version has."""
    return frozenset(script.revision for script in ScriptDirectory(str(Path(__file__).parent)).walk_revisions())


def revise(connection: Connection, words: str) -> None:
    """Write a new revision: what leads from the connection's tables to those of ``register.tables``."""
    command.revision(config(connection), words, autogenerate=True)
