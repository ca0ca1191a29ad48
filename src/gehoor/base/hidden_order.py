"""Tables that must not remember the order in which their rows came.

An ordinary SQLite table keeps a hidden row number, which a dump shows as arrival order whatever the key
(standards.md §2.1 X2a). WITHOUT ROWID stores rows by their random key instead. PostgreSQL has no such number; there the
rows of a batch go in shuffled, in one transaction.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import migrations


def hide_order(database: str, tables: Sequence[str]) -> migrations.RunPython:
    """A migration step for tables that were just made, or made anew: to change a check SQLite copies the whole table.

    Rows stay. Such a change has this step on both sides: taking it back copies the table as well.
    """
    hide = _rebuild(tables)
    return migrations.RunPython(hide, hide, hints={"database": database})


def _rebuild(tables: Sequence[str]) -> Callable[[Any, Any], None]:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "sqlite":
            return
        with schema_editor.connection.cursor() as cursor:
            for table in tables:
                cursor.execute(
                    "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL ORDER BY type DESC", [table]
                )
                made = [row[0] for row in cursor.fetchall()]
                if made[0].endswith("WITHOUT ROWID"):
                    continue
                cursor.execute(f'CREATE TEMPORARY TABLE kept AS SELECT * FROM "{table}"')  # noqa: S608 -- our own name
                cursor.execute(f'DROP TABLE "{table}"')
                for sql in made:
                    cursor.execute(f"{sql} WITHOUT ROWID" if sql.startswith("CREATE TABLE") else sql)
                cursor.execute(f'INSERT INTO "{table}" SELECT * FROM kept')  # noqa: S608 -- our own name
                cursor.execute("DROP TABLE temp.kept")

    return run
