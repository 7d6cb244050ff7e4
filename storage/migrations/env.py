"""What Alembic needs to know: our metadata, and the connection it was handed."""

from typing import Any, Literal

from alembic import context

from storage.base import UTC
from storage.storable import StoredText
from storage.tables import Base


def render_item(kind: str, value: Any, _autogen: Any) -> str | Literal[False]:
    """Keep our own types out of migration files: those must not change when we do."""
    if kind != "type":
        return False
    if isinstance(value, StoredText):
        return "sa.Text()"
    return "sa.DateTime(timezone=True)" if isinstance(value, UTC) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    render_item=render_item,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
