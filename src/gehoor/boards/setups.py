"""How a board begins, by the kind of meeting: its frames with their questions, and its phases with their minutes.

Texts are Dutch and can be changed on the board: they are the office's own words to the people who come (domain.md §3).
"""

from typing import Any

from gehoor.meetings.models import Kind

# Written anew for each kind; the shape follows peers-qualitative.md §A.6 and domain.md M14–M17, M28.
FRAMES: dict[str, tuple[tuple[str, str], ...]] = {
    Kind.INSPIRATION: (
        ("Dromen", "Hoe ziet goed contact met Leerplicht eruit, als alles kan?"),
        ("Nu", "Wat gaat er nu al goed? Wat schuurt?"),
        ("Eerste stap", "Wat kunnen we morgen anders doen?"),
    ),
    Kind.VISION: (
        ("Wat wij belangrijk vinden", "Wat mag nooit ontbreken in het contact met Leerplicht?"),
        ("Wat wij willen horen", "Waarover willen wij het oordeel van jongeren en ouders weten?"),
        ("Wat wij beloven", "Wat doen wij met wat we horen?"),
    ),
    Kind.FOCUS_GROUP: (
        ("Wat hielp", "Wat hielp jou in het contact met Leerplicht?"),
        ("Wat niet hielp", "Wat hielp niet, of maakte het moeilijker?"),
        ("Wat beter kan", "Wat moet Leerplicht anders doen?"),
    ),
    Kind.JOURNEY: (
        ("De eerste keer thuis", "Hoe begon het? Wie merkte het?"),
        ("De brief", "Wat dacht je toen de brief kwam?"),
        ("Het gesprek", "Hoe ging het gesprek?"),
        ("Daarna", "Wat gebeurde er na het gesprek?"),
        ("Nu", "Hoe is het nu?"),
    ),
    Kind.MIRROR: (
        ("Wat wij hoorden", "Wat raakte jou in het gesprek?"),
        ("Wat wij meenemen", "Wat gaan we hierdoor anders doen?"),
    ),
    Kind.CIRCLE: (
        ("Herkennen", "Kennen wij dit?"),
        ("Verklaren", "Waar komt het vandaan?"),
        ("Waarderen", "Wat vinden wij ervan?"),
        ("Verbeteren", "Welke ene kleine stap zetten we?"),
    ),
    Kind.CHOICE: (
        ("Eisen", "Waaraan moet een manier van vragen voldoen?"),
        ("Past goed", "Welke manieren passen bij ons, en waarom?"),
        ("Past niet", "Welke manieren passen niet, en waarom?"),
    ),
    Kind.EVALUATION: (
        ("Wat werkte", "Wat werkte goed in de proef?"),
        ("Wat niet werkte", "Wat werkte niet, en voor wie niet?"),
        ("Verder", "Houden we het, passen we het aan, of stoppen we?"),
    ),
    Kind.INTERVIEW: (("Aantekeningen", "Wat is er gezegd?"),),
}
PHASES = (("write", 10), ("check", 5), ("reveal", 10), ("group", 10), ("vote", 5), ("talk", 20), ("closed", 0))


def setup_for(kind: str) -> dict[str, Any]:
    """The setup of a new board. A client journey has steps in columns, with a row of feelings."""
    layout = "step" if kind == Kind.JOURNEY else "notes"
    return {
        "frames": [{"title": title, "question": question, "layout": layout} for title, question in FRAMES[kind]],
        "phases": [{"kind": phase, "minutes": minutes} for phase, minutes in PHASES],
    }
