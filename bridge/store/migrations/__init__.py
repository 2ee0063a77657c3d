"""The store's schema, revision by revision. A new one is one file: `alembic revision --rev-id 0004 -m "some words"`."""
