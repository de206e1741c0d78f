"""Runs the migrations on the connection that the caller hands over; there is no other way in."""

from alembic import context

from service_catalog.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
