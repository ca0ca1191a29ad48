"""A list of addresses holds an address and a language, or is refused as a whole."""

import re

import pytest

from gehoor.base.errors import BadInput
from gehoor.rounds.addresses import Address, read

LANGUAGES = ["nl", "ar", "tr"]


def problems_of(text: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read(text, languages=LANGUAGES)
    return caught.value.problems


@pytest.mark.parametrize(
    "text",
    [
        "address,language\nA@b.nl,ar\nc@d.nl,",
        "adres;taal\na@b.nl;AR\n\nc@d.nl",
        "taal\tadres\nar\ta@b.nl\n\tc@d.nl",
        "a@b.nl,ar\nc@d.nl\n",
        "a@b.nl , ar\r\nc@d.nl,nl\r\na@b.nl,nl",
    ],
)
def test_commas_semicolons_and_tabs_are_read_with_and_without_a_heading(text):
    assert read(text, languages=LANGUAGES) == [Address("a@b.nl", "ar"), Address("c@d.nl", "nl")]


def test_another_column_is_refused_by_its_name_and_nothing_is_read():
    (problem,) = problems_of("adres,taal,Naam,BSN\na@b.nl,nl,Amira Jansen,123456782")

    assert "“Naam”, “BSN”" in problem
    assert "Amira" not in problem
    assert "123456782" not in problem


@pytest.mark.parametrize("line", ["a@b.nl,nl,Amira", "Amira,a@b.nl,nl", "Amira,Jansen,a@b.nl"])
def test_more_than_an_address_and_a_language_is_refused_without_a_heading_too(line):
    found = problems_of(line)

    assert len(found) == 1
    assert "Amira" not in found[0]
    assert "Jansen" not in found[0]


def test_every_wrong_line_is_named_and_no_value_is_repeated():
    found = problems_of("address,language\nAmira,nl\na@b.nl,xx\nc@d.nl,nl")

    assert [re.findall(r"\d+", problem) for problem in found] == [["2"], ["3"]]
    assert "Amira" not in str(found)


def test_an_empty_list_and_a_list_without_addresses_are_refused():
    assert len(problems_of(" \n\n")) == 1
    assert len(problems_of("taal\nnl")) == 1


def test_many_faults_are_cut_short():
    assert len(problems_of("address\n" + "x\n" * 500)) == 21
