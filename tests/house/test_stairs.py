"""What imports cannot show: foreign keys, reverse names and signals."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

HOUSE = Path(__file__).resolve().parents[2]


def stairs() -> dict[str, int]:
    """The floor of each room, from the contract that lint-imports holds."""
    contracts = tomllib.loads((HOUSE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["name"].startswith("The stairs"))
    return {room.strip(" ()"): floor for floor, row in enumerate(reversed(layers)) for room in row.split("|")}


def our_relations() -> list[tuple[type[models.Model], models.ForeignKey]]:
    """Every foreign key between our own models."""
    return [
        (model, field)
        for model in apps.get_models()
        if model.__module__.startswith("gehoor.")
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model.__module__.startswith("gehoor.")
    ]


def test_there_are_relations_to_look_at() -> None:
    assert len(our_relations()) > 10


def test_foreign_keys_go_downstairs_and_leave_no_trace() -> None:
    floor = stairs()
    faults = []
    for model, field in our_relations():
        room, target = model._meta.app_label, field.related_model._meta.app_label
        if room != target and floor[target] >= floor[room]:
            faults.append(f"{model.__name__}.{field.name} points up at {target}")
        if room != target and field.remote_field.related_name != "+":
            faults.append(f"{model.__name__}.{field.name}: set related_name='+'")

    assert faults == []


def test_no_foreign_key_crosses_from_one_database_to_the_other() -> None:
    from gehoor.project.databases import home_of

    def home(model: type[models.Model]) -> str:
        return home_of(model._meta.app_label, model._meta.model_name)

    assert [
        f"{model.__name__}.{field.name}" for model, field in our_relations() if home(model) != home(field.related_model)
    ] == []


def test_nobody_listens_to_signals() -> None:
    listeners = [
        path
        for path in (HOUSE / "src").rglob("*.py")
        if "django.dispatch" in path.read_text() or "models.signals" in path.read_text()
    ]

    assert listeners == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_help_works_without_a_data_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gehoor", "--help"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(HOUSE / "src")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert "round" in done.stdout
