"""Databases as earlier versions made them."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from answerdesk import migrations
from answerdesk.core.database import ConnectionArguments
from answerdesk.core.postgres import EmbeddedPostgres


def admin_of(server: EmbeddedPostgres) -> ConnectionArguments:
    """Return what connects as the tables' owner."""
    return {**server.conninfo(user=server.admin_user, password=server.admin_password)}


def bring_to(admin: ConnectionArguments, version: str) -> None:
    """Bring an empty database to a version, without the rights of the runtime role."""
    with psycopg.connect(**admin, autocommit=True) as connection:
        connection.execute("create extension if not exists vector")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine("postgresql+psycopg://", connect_args=dict(admin), poolclass=NullPool)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        connection.commit()
    engine.dispose()
