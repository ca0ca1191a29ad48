"""Which table lives where. The vault holds opened answers and unread texts, and nothing that names a person."""

from typing import Any

VAULT_TABLES = {
    ("answers", "submission"),
    ("answers", "opentext"),
    ("answers", "openedbatch"),
    ("reading", "readtext"),
    ("results", "basis"),
}


class Router:
    """Sends each model to its database. No table is in both, so that no join can cross."""

    def db_for_read(self, model: Any, **hints: object) -> str:
        """The database of a model."""
        return home_of(model._meta.app_label, model._meta.model_name)

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: object) -> bool:
        """Foreign keys stay inside one database."""
        # Not type(one): a request's user is a lazy object, whose type is no model.
        return self.db_for_read(one) == self.db_for_read(other)

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: object) -> bool:
        """Tables are made only where they live. An operation without a model says itself where it runs."""
        if model_name is None:
            return db == hints.get("database", "default")
        return db == home_of(app_label, model_name)


def home_of(app_label: str, model_name: str) -> str:
    """The database of a table: "vault" or "default"."""
    return "vault" if (app_label, model_name) in VAULT_TABLES else "default"
