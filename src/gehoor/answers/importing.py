"""Older research from a CSV file: every fault with its line, and nothing half taken in.

The mapping is a JSON file that says which column answers which question:

{"columns": {"Score": {"question": "heard", "values": {"1": "5", "9": ""}}, "Remark": {"question": "good"}},
 "language": "nl", "product": "verzuim" or {"column": "Dept", "values": {"A": "verlof"}}, "period": "2024-Q2"}

`values` translates what stands in the column; without it the column is taken as it is, and an empty value is a skipped
question. A column that is not mapped is left out, never stored.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from gehoor.answers.changes import Older
from gehoor.base import clock
from gehoor.base.errors import BadInput
from gehoor.base.languages import LANGUAGES
from gehoor.questionnaires import answering
from gehoor.questionnaires.format import Content

FAULTS = {
    "choose_one": "that is none of its answers",
    "whole_number": "that is no whole number from {min} to {max}",
    "too_long": "that is longer than {max} characters",
}
MOST_FAULTS = 100


EARLIEST = "1990-Q1"  # a slip of the pen would be deleted the next night, or kept for ever


def _quarter(text: str) -> str:
    if not clock.is_quarter(text) or not EARLIEST <= text <= clock.quarter(clock.today()):
        raise ValueError(f"expected a quarter such as 2024-Q2, from {EARLIEST} to this one")
    return text


class Column(BaseModel):
    """What one column holds."""

    model_config = ConfigDict(extra="forbid")
    question: str
    values: dict[str, str] | None = None


class Lookup(BaseModel):
    """Context that stands in a column."""

    model_config = ConfigDict(extra="forbid")
    column: str
    values: dict[str, str] | None = None

    def of(self, row: Mapping[str, str]) -> str | None:
        """The value for a row; None when the mapping does not know it."""
        given = row[self.column].strip()
        return given if self.values is None else self.values.get(given)


class Mapping_(BaseModel):  # noqa: N801 -- `Mapping` is Python's own
    """The whole mapping file."""

    model_config = ConfigDict(extra="forbid")
    columns: Annotated[dict[str, Column], Field(min_length=1)]
    period: Annotated[str, AfterValidator(_quarter)]
    language: str | Lookup = "nl"
    product: str | Lookup = ""
    delimiter: Annotated[str, Field(pattern=r'^[^"\r\n]$')] = ","


def read_mapping(text: str, content: Content) -> Mapping_:
    """The mapping, checked against the questionnaire. Raises BadInput with every fault."""
    try:
        mapping = Mapping_.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise BadInput([f"mapping, line {error.lineno}: {error.msg}"]) from None
    except ValidationError as error:
        raise BadInput(
            [f"mapping, {' > '.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        ) from None
    known = [question.key for question in content.questions]
    faults = [
        f"mapping, {column}: there is no question {to.question}; known: {', '.join(known)}"
        for column, to in mapping.columns.items()
        if to.question not in known
    ]
    if faults:
        raise BadInput(faults)
    return mapping


def read_rows(text: str, mapping: Mapping_, content: Content, products: set[str]) -> list[Older]:
    """The answers in a CSV text. Raises BadInput with every fault and its line, at most a hundred."""
    reader = csv.DictReader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=mapping.delimiter, strict=True
    )
    faults: list[str] = []
    answers: list[Older] = []
    for line, row in _lines(reader, _columns(mapping), faults):
        problems, answer = _row(row, mapping, content, products)
        faults += [f"line {line}: {problem}" for problem in problems]
        if answer:
            answers.append(answer)
        if len(faults) >= MOST_FAULTS:
            faults.append("and perhaps more: mend these first")
            break
    if not answers and not faults:
        faults.append("line 2: there are no answers in this file")
    if faults:
        raise BadInput(faults)
    return answers


def _columns(mapping: Mapping_) -> list[str]:
    lookups = [each.column for each in (mapping.language, mapping.product) if isinstance(each, Lookup)]
    return [*mapping.columns, *lookups]


def _lines(
    reader: "csv.DictReader[str]", needed: list[str], faults: list[str]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows with their line. What isn't CSV becomes a fault."""
    try:
        if missing := [column for column in needed if column not in (reader.fieldnames or [])]:
            faults.append(f"line 1: no column {', '.join(missing)}; there are: {', '.join(reader.fieldnames or [])}")
            return
        if twice := [column for column in needed if (reader.fieldnames or []).count(column) > 1]:
            faults.append(f"line 1: more than one column {', '.join(twice)}")
            return
        for row in reader:
            if None in row or None in row.values():
                faults.append(f"line {reader.line_num}: expected {len(reader.fieldnames or [])} values")
                continue
            yield reader.line_num, row
    except csv.Error as error:
        faults.append(f"line {reader.line_num + 1}: {error}")  # the line that it could not finish


def _row(
    row: Mapping[str, str], mapping: Mapping_, content: Content, products: set[str]
) -> tuple[list[str], Older | None]:
    problems: list[str] = []
    values: dict[str, list[str]] = {}
    for column, to in mapping.columns.items():
        given = row[column].strip()
        if to.values is not None and given not in to.values:
            problems.append(f"{column}: the mapping has no value for {given!r}")
        elif meant := given if to.values is None else to.values[given]:
            values.setdefault(to.question, []).append(meant)
    language = mapping.language if isinstance(mapping.language, str) else mapping.language.of(row)
    product = mapping.product if isinstance(mapping.product, str) else mapping.product.of(row)
    if language not in LANGUAGES:
        problems.append(f"language {language!r} is not known")
    if product is None or (product and product not in products):
        problems.append(f"product {product!r} is not known")
    given_now = answering.read(content, values)
    problems += [f"{fault.question}: {FAULTS[fault.kind].format(**fault.limits)}" for fault in given_now.faults]
    if problems:
        return problems, None
    return [], Older(given_now, str(language), str(product), mapping.period)
