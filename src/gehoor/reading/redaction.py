"""What in a client's words could point at a person: proposed here, decided about by a reader (domain.md R19).

Word lists and fixed patterns, no model, no network. Texts from phones have few capitals, so first names, titles and
words for schools and streets are looked up without regard to case; capitals only add to that. One proposal too many is
meant: a person takes it back with one press, while a name that was missed is read by others.

Positions are character offsets in the text as given. The time needed grows with the length of the text and no faster:
each pattern looks at a bounded number of characters, and words are walked once.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from gehoor.base import codes

WORDS = Path(__file__).with_name("words")


class Kind(StrEnum):
    """What a span is. `number` is a long number of unknown kind, such as a file number."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    SCHOOL = "school"
    BSN = "bsn"
    IBAN = "iban"
    NUMBER = "number"
    DATE = "date"
    LINK = "link"
    PLACE = "place"


# Where two proposals overlap, both are hidden as one, under the kind that comes first here.
MOST_CERTAIN_FIRST = (
    Kind.IBAN,
    Kind.EMAIL,
    Kind.LINK,
    Kind.PHONE,
    Kind.BSN,
    Kind.NUMBER,
    Kind.DATE,
    Kind.ADDRESS,
    Kind.SCHOOL,
    Kind.PLACE,
    Kind.NAME,
)

_MARKER_WORDS = {
    # name, phone, email, address, school, bsn and iban and number, date, link, place
    "nl": "naam telefoon e-mail adres school nummer datum link plaats",
    "en": "name phone e-mail address school number date link place",
    "tr": "isim telefon e-posta adres okul numara tarih bağlantı yer",
    "ar": "اسم هاتف بريد عنوان مدرسة رقم تاريخ رابط مكان",
    "pl": "imię telefon e-mail adres szkoła numer data link miejsce",
    "uk": "ім'я телефон е-пошта адреса школа номер дата посилання місце",
    "es": "nombre teléfono correo dirección escuela número fecha enlace lugar",
}
_MARKER_KINDS = (
    (Kind.NAME,),
    (Kind.PHONE,),
    (Kind.EMAIL,),
    (Kind.ADDRESS,),
    (Kind.SCHOOL,),
    (Kind.BSN, Kind.IBAN, Kind.NUMBER),
    (Kind.DATE,),
    (Kind.LINK,),
    (Kind.PLACE,),
)
MARKERS = {
    language: {kind: f"[{word}]" for kinds, word in zip(_MARKER_KINDS, words.split(), strict=True) for kind in kinds}
    for language, words in _MARKER_WORDS.items()
}


@dataclass(frozen=True)
class Span:
    """A piece of a text: `text[start:end]`."""

    start: int
    end: int
    kind: Kind


def propose(text: str, *, language: str, schools: Collection[str] = ()) -> list[Span]:
    """What a reader should look at, sorted and without overlap. `schools` are the names of schools in the region.

    It never raises on any text; an unknown language is read with the Dutch and English lists.
    """
    page = _Page(text, language)
    found = [
        *_links(text),
        *_certain(text, language),
        *_worded_dates(page),
        *_addresses(page),
        *_schools(page),
        *_listed_schools(page, schools),
        *_places(page),
        *_names(page),
    ]
    return _with_what_is_left(text, _one_line(text, found), language)


def redact(text: str, spans: Sequence[Span], *, language: str = "nl") -> str:
    """The text with a marker such as "[naam]" for each span, in the language of the text; Dutch for an unknown one.

    Spans may overlap and stand in any order. Raises ValueError when one lies outside the text.
    """
    markers = MARKERS.get(language, MARKERS["nl"])
    pieces, done = [], 0
    for span in _one_line("", spans):
        if not 0 <= span.start < span.end <= len(text):
            raise ValueError(f"{span} lies outside a text of {len(text)} characters")
        pieces += [text[done : span.start], markers[span.kind]]
        done = span.end
    return "".join([*pieces, text[done:]])


def is_bsn(digits: str) -> bool:
    """Do these 8 or 9 digits pass the eleven test of the Dutch citizen service number (standards.md AT-39)?"""
    if len(digits) not in {8, 9} or not (digits.isascii() and digits.isdigit() and int(digits)):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits.zfill(9), strict=True)) % 11 == 0


def looks_dangerous(text: str, *, language: str) -> bool:
    """May this text be about violence, abuse, suicide, running away or weapons?

    It moves a text up in the reading list and does nothing else: it hides, reports and deletes nothing
    (domain.md R17, standards.md requirement 31). It reads words, not meaning: "mijn moeder slaat nooit" counts.
    """
    words = [word.fold for word in _words_of(text)]
    phrases = _danger(language)
    return any(
        _begins_with(words, place, phrase) for place, word in enumerate(words) for phrase in phrases.get(word[:2], ())
    )


# ---- words -----------------------------------------------------------------------------------------------------------

_COMBINING = "\u0300-\u036f\u064b-\u065f\u0670"
_LETTER = rf"(?:[^\W\d_]|[{_COMBINING}])"
_WORD = re.compile(rf"{_LETTER}+(?:['’ʼ\-]{_LETTER}+)*")
# What decomposing leaves as it is: the Turkish i, the Polish l, apostrophes, Arabic spellings that people mix.
_SAME = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ґ": "г", "’": "'", "ʼ": "'", "ة": "ه", "ى": "ي", "ـ": None}
)
_LONGEST_WORD = 60


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str
    fold: str

    @property
    def has_capital(self) -> bool:
        """A capital first and not capitals only: NOOIT and GGZ are no names."""
        return self.text[0].isupper() and (len(self.text) == 1 or not self.text.isupper())

    @property
    def head(self) -> str:
        """Without what follows an apostrophe: "ali's", "Ayşe'nin"."""
        return self.fold.partition("'")[0]


def _fold(word: str) -> str:
    """Without capitals, accents and vowel signs, so that Zoë, zoe and ZOË are one."""
    if len(word) > _LONGEST_WORD:
        return word.casefold()
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_SAME))
    return "".join(character for character in plain if not unicodedata.combining(character)).translate(_SAME)


def _words_of(text: str) -> list[_Word]:
    return [_Word(match.start(), match.end(), match[0], _fold(match[0])) for match in _WORD.finditer(text)]


@cache
def _lists(file: str) -> dict[str, frozenset[str]]:
    """The words of a file by the head above them, folded. A word may carry ":nl,en"."""
    found: dict[str, set[str]] = {}
    head = ""
    for line in (WORDS / f"{file}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            head = line.strip("[] ")
        elif not line.startswith("#"):
            found.setdefault(head, set()).update(_fold(word) for word in line.split())
    return {head: frozenset(words) for head, words in found.items()}


@dataclass(frozen=True)
class _Lexicon:
    """The lists as they hold for one language."""

    ordinary: frozenset[str]
    names: frozenset[str]
    doubtful_names: frozenset[str]
    family_names: frozenset[str]
    family_names_after: frozenset[str]
    strong_titles: frozenset[str]
    weak_titles: frozenset[str]


_NONE: frozenset[str] = frozenset()


@cache
def _lexicon(language: str) -> _Lexicon:
    words, titles, families = _lists("ordinary_words"), _lists("titles"), _lists("last_names")
    own = words.get(language, _NONE) | words["always"]
    names: set[str] = set()
    doubtful: set[str] = set()
    for entry in frozenset().union(*_lists("first_names").values()):
        name, _, ordinary_in = entry.partition(":")
        (doubtful if language in ordinary_in.split(",") or name in own else names).add(name)
    strong = titles["strong"] | titles.get(f"strong {language}", _NONE)
    # Dutch and English words occur in every language of our clients, and a Dutch text in a Turkish form.
    ordinary = own | words["nl"] | words["en"] | titles["strong"] | titles["weak"]
    return _Lexicon(
        ordinary=ordinary,
        names=frozenset(names | (_declined(names, language) - ordinary)),
        doubtful_names=frozenset(doubtful - names),
        family_names=families["sure"],
        family_names_after=families["sure"] | families["after a name"],
        strong_titles=strong,
        weak_titles=titles["weak"] - strong,
    )


_ENDINGS = {
    # last letter of the name, or "" for any other: (letters taken off, endings put on)
    "pl": {"a": (1, "y i e o ie u"), "": (0, "a owi em ie iem u")},
    "uk": {
        "а": (1, "и і у о ою"),
        "я": (1, "і ю єю е"),
        "и": (1, "я ю єм єві"),
        "о": (1, "а у ові ом"),
        "": (0, "а у ові ом е"),
    },
    "tr": {"": (0, "in un nin nun i u yi yu e a ye ya de da den dan te ta ten tan le la yle yla")},
    "nl": {"": (0, "s")},
    "en": {"": (0, "s")},
}
_SHORTEST_DECLINED = 4


def _declined(names: Collection[str], language: str) -> set[str]:
    """The names as they stand in a sentence: "Annie" from Anna, "мамі Олени" from Олена, "mohammeds"."""
    table = _ENDINGS.get(language, {})
    found = set()
    for name in names:
        if table and len(name) >= _SHORTEST_DECLINED:
            off, endings = table.get(name[-1], table[""])
            found |= {name[: len(name) - off] + _fold(ending) for ending in endings.split()}
            if language == "pl" and name.endswith("ek"):
                found |= {name[:-2] + ending for ending in ("ka", "kowi", "kiem", "ku")}
    return found


_MOSTLY = 0.75
_FEW_WORDS = 5
_GOES_ON = frozenset(",;(/&-–'’")


class _Page:
    """A text with its words and what can be asked about each."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.words = _words_of(text)
        self.lexicon = _lexicon(language)

    @cached_property
    def capitals_speak(self) -> bool:
        """False where all is in capitals, or Every Word Has One: they then say nothing about names."""
        longer = [word for word in self.words if len(word.text) > 1]
        if len(longer) < _FEW_WORDS:
            return not self.text.isupper()
        return sum(word.text[0].isupper() for word in longer) < _MOSTLY * len(longer)

    def gap(self, place: int) -> str:
        """What stands between a word and the next one; "" after the last."""
        return self.text[self.words[place].end : self.words[place + 1].start] if place + 1 < len(self.words) else ""

    def is_next(self, place: int) -> bool:
        """Does only a space stand between this word and the next?"""
        return self.gap(place) in {" ", "\u00a0", "  "}

    def is_ordinary(self, place: int) -> bool:
        """Is this a word that is no name, whatever its capital?"""
        word = self.words[place]
        return word.fold in self.lexicon.ordinary or word.head in self.lexicon.ordinary

    def has_capital(self, place: int) -> bool:
        """A capital that may mean a name, wherever the word stands."""
        return self.capitals_speak and self.words[place].has_capital and not self.is_ordinary(place)

    def is_within(self, place: int) -> bool:
        """Does the word stand within a sentence, so that a capital means something?"""
        before = self.text[max(0, self.words[place].start - 4) : self.words[place].start]
        last = before.rstrip(" \u00a0\"“”'‘„")[-1:]
        return bool(place) and "\n" not in before and bool(last) and (last.isalnum() or last in _GOES_ON)

    def is_name(self, place: int) -> bool:
        """Is this a first name of the list and no ordinary word in this language?"""
        word, names = self.words[place], self.lexicon.names
        return (
            word.fold in names or word.head in names or _first_part(word.fold) in names or self._with_prefix(word.fold)
        )

    def is_doubtful_name(self, place: int) -> bool:
        """Is this a first name that is also an ordinary word, such as Roos?"""
        return self.words[place].head in self.lexicon.doubtful_names

    def is_family_name(self, place: int) -> bool:
        """Is this a family name that means nothing else?"""
        return self.words[place].head in self.lexicon.family_names

    def _with_prefix(self, fold: str) -> bool:
        """In Arabic "and", "to" and "by" are written onto the name."""
        return len(fold) > len("وعمر") - 1 and fold[0] in "وفبلك" and fold[1:] in self.lexicon.names

    def span(self, first: int, last: int, kind: Kind) -> Span:
        """From one word to another, without the "'s" of the last."""
        word = self.words[last]
        cut = re.search(r"['’ʼ]", word.text) if kind is Kind.NAME and word.head in self.lexicon.names else None
        return Span(self.words[first].start, word.start + cut.start() if cut else word.end, kind)


def _first_part(fold: str) -> str:
    """The first of a double name: "jan-willem"."""
    return fold.partition("-")[0] if "-" in fold else ""


# ---- fixed patterns --------------------------------------------------------------------------------------------------

_MOST_ROUNDS = 5


def _certain(text: str, language: str) -> list[Span]:
    return [*_emails(text), *_ibans(text), *_numbers(text, language)]


def _with_what_is_left(text: str, found: list[Span], language: str) -> list[Span]:
    """With the numbers and addresses that only show once their neighbours are hidden, such as "bel" + "06…" + "tel123456".

    What a reader approves is looked at once more, and must then hold none.
    """
    for _round in range(_MOST_ROUNDS):
        left = _certain(_masked(text, found), language)
        if not left:
            break
        found = _one_line(text, [*found, *left])
    return found


def _masked(text: str, spans: Sequence[Span]) -> str:
    """The text with brackets for what is hidden: as long as before, and a word nowhere."""
    pieces, done = [], 0
    for span in spans:
        pieces += [text[done : span.start], "]" * (span.end - span.start)]
        done = span.end
    return "".join([*pieces, text[done:]])


_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\[\]]{1,500}", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w@.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.(?:nl|com|org|net|info|eu)(?!\w)(?:/[^\s\[\]]{0,200})?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<!\w)@[\w.]{2,40}")
_ACCOUNT = re.compile(
    r"\b(?:insta|instagram|snap|snapchat|tiktok|discord|telegram|facebook|fb)\s?(?:[:=]|is)\s?([\w.\-]{2,40})",
    re.IGNORECASE,
)


def _links(text: str) -> Iterator[Span]:
    for pattern in (_ADDRESS, _DOMAIN, _HANDLE):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.start() + len(match[0].rstrip(".,;:!?)'\"")), Kind.LINK)
    for match in _ACCOUNT.finditer(text):
        yield Span(*match.span(1), Kind.LINK)


_MOST_BEFORE_AT = 64
_AFTER_AT = re.compile(r" ?[\w-]{1,63}(?: ?\.[\w-]{1,63}){1,6}")
_SPOKEN_AT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?[(\[]?\b(?:at|apenstaart(?:je)?|arroba)\b[)\]]? ?"
    r"(?:gmail|hotmail|outlook|live|yahoo|icloud|ziggo|kpnmail)\b(?: ?(?:\.|punt|dot|punto) ?[a-z]{2,3}\b)?",
    re.IGNORECASE,
)


def _emails(text: str) -> Iterator[Span]:
    """From each "@" outwards, so that a long text without one costs nothing."""
    for at in re.finditer("@", text):
        after = _AFTER_AT.match(text, at.end())
        start = end = at.start() - (text[at.start() - 1 : at.start()] == " ")
        while start > max(0, end - _MOST_BEFORE_AT) and (text[start - 1].isalnum() or text[start - 1] in "._+-"):
            start -= 1
        if after and start < end:
            yield Span(start, after.end(), Kind.EMAIL)
    for match in _SPOKEN_AT.finditer(text):
        yield Span(*match.span(), Kind.EMAIL)


_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}[0-9]{2}(?:[ .\-]?[A-Za-z0-9]){11,30}")
_DUTCH_IBAN = re.compile(r"NL[0-9]{2}[A-Z]{4}[0-9]{10}")
_IBAN_LENGTHS = {
    "NL": 18, "BE": 16, "DE": 22, "FR": 27, "ES": 24, "PL": 28, "TR": 26, "GB": 22, "UA": 29, "IT": 27, "MA": 28, "BG": 22,
    "RO": 24, "PT": 25, "LT": 20, "IE": 22, "AT": 20, "HU": 28, "CZ": 24, "GR": 27,
}  # fmt: skip


def _ibans(text: str) -> Iterator[Span]:
    """A Dutch one by its form, for a mistyped one points at a person too; others by their check digits."""
    for match in _IBAN.finditer(text):
        kept = [place for place in range(match.start(), match.end()) if text[place].isalnum()]
        length = _IBAN_LENGTHS.get(match[0][:2].upper(), 0)
        number = "".join(text[place] for place in kept[:length]).upper()
        if length and len(number) == length and (_DUTCH_IBAN.fullmatch(number) or _is_iban(number)):
            yield Span(match.start(), kept[length - 1] + 1, Kind.IBAN)


def _is_iban(number: str) -> bool:
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1


_RUN = re.compile(r"\d(?:[ \u00a0.\-–/()]{0,3}\d)*")
_GROUP = re.compile(r"\d+")
_MOST_GROUPS = 12
_LONG_NUMBER = 7
# A word that announces a number; a marker such as "[telefoon]" does not.
_CALL = re.compile(
    r"\b(?:bel|bellen|app|appen|tel|telefoon|telefoonnummer|mobiel|nummer|nr|call|phone|mobile|number|telefon|numaram?|ara|zadzwoń|numer|"
    r"телефон|номер|дзвоніть|teléfono|llama|número|هاتف|رقم|رقمي|اتصل)\b(?:[ :.]+[^\W\d_]{1,15}){0,3}[ :.+(]*\Z",
    re.IGNORECASE,
)
_LOOK_BACK = 60


class _Number(NamedTuple):
    """Some groups of digits beside one another: as written, and as 0-9."""

    raw: str
    groups: Sequence[str]
    digits: str
    has_plus: bool
    is_called: bool


def _numbers(text: str, language: str) -> Iterator[Span]:
    """Phone numbers, dates, BSNs and long numbers. From each group of digits the longest that is something."""
    for run in _RUN.finditer(text):
        places = [(run.start() + group.start(), run.start() + group.end()) for group in _GROUP.finditer(run[0])]
        groups = [codes.digits(text[start:end]) for start, end in places]
        # Only the first group of a run can follow a word.
        is_called = _CALL.search(text[max(0, run.start() - _LOOK_BACK) : run.start()]) is not None
        first = 0
        while first < len(groups):
            begin = _begin_of_number(text, places[first][0])
            has_plus = "+" in text[begin : places[first][0]]
            taken = 1
            for last in _last_groups(groups, first):
                these, written = groups[first : last + 1], text[places[first][0] : places[last][1]]
                number = _Number(written, these, "".join(these), has_plus, is_called and first == 0)
                if kind := _number_kind(number, language):
                    yield Span(begin, places[last][1], kind)
                    taken = len(these)
                    break
            first += taken


def _last_groups(groups: Sequence[str], first: int) -> list[int]:
    """Where a number that begins with this group could end: the longest first, without those of no length."""
    ends, size = [], 0
    for last in range(first, min(len(groups), first + _MOST_GROUPS)):
        size += len(groups[last])
        if last in {first, first + 2} or _SHORTEST_NUMBER <= size <= _LONGEST_NUMBER:
            ends.append(last)
    return ends[::-1]


def _begin_of_number(text: str, start: int) -> int:
    """With the "+" or the bracket before it."""
    before = text[max(0, start - 2) : start]
    return start - len(before) + len(before.rstrip("+("))


_SHORTEST_NUMBER = 6
_LONGEST_NUMBER = 17


def _number_kind(number: _Number, language: str) -> Kind | None:
    is_whole, size = len(number.groups) == 1, len(number.digits)
    if _is_phone(number, language):
        return Kind.PHONE
    if _is_date(number):
        return Kind.DATE
    if _is_spelled_bsn(number):
        return Kind.BSN
    if number.is_called and _SHORTEST_NUMBER <= size <= _LONGEST_NUMBER:
        return Kind.PHONE
    return Kind.NUMBER if is_whole and size >= _LONG_NUMBER and not number.digits.endswith("000") else None


# What a phone number looks like once spaces, dots and dashes are out. Each has a fixed length where it can have one, so
# that the "2" of "06 12345678 2 keer" stays in the text.
_INTERNATIONAL = re.compile(r"31(?:0?[1-9][0-9]{8})|(?!31)[1-9][0-9]{7,14}")
_NATIONAL = re.compile(
    r"0[1-9][0-9]{8}|0[89]00[0-9]{7}|31[1-9][0-9]{8}|00(?:31(?:0?[1-9][0-9]{8})|(?!31)[1-9][0-9]{7,14})"
)
_ELEVEN = re.compile(r"0(?!6)[1-9][0-9]{9}")
_WITHOUT_ZERO = re.compile(r"6[1-5][0-9]{7}")
_NINE = re.compile(r"[4-9][0-9]{8}")


def _is_phone(number: _Number, language: str) -> bool:
    digits, groups = number.digits, len(number.groups)
    if len(digits) < 8:  # noqa: PLR2004
        return False
    if (number.has_plus and _INTERNATIONAL.fullmatch(digits)) or _NATIONAL.fullmatch(digits):
        return True
    if language in {"tr", "en"} and _ELEVEN.fullmatch(digits):
        return True
    if language in {"pl", "es"} and groups <= 4:  # noqa: PLR2004 -- 512 345 678
        return _NINE.fullmatch(digits) is not None
    return bool(_WITHOUT_ZERO.fullmatch(digits)) and groups <= 2 and not is_bsn(digits)  # noqa: PLR2004 -- 6 12345678


_NUMBER_DATE = re.compile(r"(\d{1,4})([ .\-/])(\d{1,2})\2 ?(\d{4}|\d{2})")


def _is_date(number: _Number) -> bool:
    """Day, month and year in any order that people use; with spaces only when the year has four digits."""
    match = _NUMBER_DATE.fullmatch(number.raw) if len(number.groups) == 3 else None  # noqa: PLR2004
    if not match:
        return False
    first, middle, last = (int(group) for group in number.groups)
    has_year = any(1900 <= part < 2100 for part in (first, last))  # noqa: PLR2004
    day, month = (last, middle) if first > 31 else (first, middle)  # noqa: PLR2004
    fits = (1 <= day <= 31 and 1 <= month <= 12) or (1 <= day <= 12 and 1 <= month <= 31)  # noqa: PLR2004
    return fits and (has_year or match[2] != " ")


def _is_spelled_bsn(number: _Number) -> bool:
    """A BSN with dots, spaces or dashes between at most four groups; two years in a row are none."""
    if not is_bsn(number.digits) or len(number.groups) > 4:  # noqa: PLR2004
        return False
    years = len(number.groups) == 2 and all(1900 <= int(group) <= 2100 for group in number.groups)  # noqa: PLR2004
    return not years and "/" not in number.raw and "(" not in number.raw


_DAY_BEFORE = re.compile(r"(?<!\d)\d{1,2}(?:e|ste|de|th|st|nd|rd|\.)?(?: de| of)?[ .\-]?\Z")
_YEAR_AFTER = re.compile(r"\.?,?[ \-]?(?:de |del )?(?:\d{4}|['’]?\d{2})(?!\d)")
_DAY_AFTER = re.compile(r" \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?(?!\d)")


def _worded_dates(page: _Page) -> Iterator[Span]:
    """ "12 maart 2009", "12 mrt", "March 12, 2009": any year or none, for a day and a month point at an event."""
    for word in page.words:
        if word.fold not in _lists("context_words")["months"]:
            continue
        start = max(0, word.start - 10)
        before = _DAY_BEFORE.search(page.text[start : word.start])
        after = (_YEAR_AFTER if before else _DAY_AFTER).match(page.text, word.end)
        if before:
            yield Span(start + before.start(), after.end() if after else word.end, Kind.DATE)
        elif after and word.text[0].isupper():
            yield Span(word.start, after.end(), Kind.DATE)


# ---- streets and schools ---------------------------------------------------------------------------------------------

_HOUSE = re.compile(
    r"[ \u00a0]{1,2}(?:(?:nr|no|nummer|numer|буд)\.? )?\d{1,5}(?:-?[A-Za-z](?!\w)| [A-HK-Z](?!\w)|[-/]\d{1,4})?(?![\d:%])"
)
_HOUSE_FRONT = re.compile(r"(?<![\d.,:])\d{1,4}[a-zA-Z]?,? \Z")
_POSTCODE = re.compile(r"(?<![\d.,])([1-9]\d{3}) ?([A-Za-z]{2})(?![^\W_])")
_CITY = re.compile(r",? {1,2}([^\W\d_]{2,30}(?:[ -][^\W\d_]{2,30})?)")
_PARTICLES = _lists("context_words")["particles"]
_MOST_WORDS = 4


def _addresses(page: _Page) -> Iterator[Span]:
    for place in range(len(page.words)):
        yield from _street(page, place)
    for match in _POSTCODE.finditer(page.text):
        letters = match[2]
        if (letters.isupper() and page.capitals_speak) or _fold(letters) not in page.lexicon.ordinary | _lists(
            "context_words"
        )["units"]:
            city = _CITY.match(page.text, match.end())
            has_city = city is not None and city[1][0].isupper() and _fold(city[1]) not in page.lexicon.ordinary
            yield Span(match.start(), city.end() if city and has_city else match.end(), Kind.ADDRESS)


def _street(page: _Page, place: int) -> Iterator[Span]:
    """The street that ends or begins at this word, with its number where there is one."""
    word, lists = page.words[place], _lists("street_words")
    house = _HOUSE.match(page.text, word.end)
    if _is_street(page, place, has_number=house is not None):
        first = _reach_back(page, place)
        yield Span(page.words[first].start, house.end() if house else word.end, Kind.ADDRESS)
    elif word.fold in lists["last"] and word.has_capital and (first := _reach_back(page, place)) < place:
        number = _HOUSE_FRONT.search(page.text[max(0, page.words[first].start - 8) : page.words[first].start])
        start = page.words[first].start - (len(number[0]) if number else 0)
        yield Span(start, house.end() if house else word.end, Kind.ADDRESS)
    elif word.fold in lists["front"] or word.fold in lists["front word"]:
        yield from _front_street(page, place)


def _is_street(page: _Page, place: int, *, has_number: bool) -> bool:
    word, lists = page.words[place], _lists("street_words")
    if word.fold in lists["ordinary"]:
        return has_number and word.has_capital
    if word.fold.endswith(tuple(lists["ending"])):
        return True
    if word.fold.endswith(tuple(lists["ending number"])):
        return has_number or (page.has_capital(place) and page.is_within(place))
    return has_number and page.has_capital(place) and word.fold.endswith(tuple(lists["ending capital"]))


def _reach_back(page: _Page, place: int) -> int:
    """The first word of a name that ends here: "Burgemeester de Vlugtlaan", "Jan van Galenstraat"."""
    first = here = place
    while here and place - here < _MOST_WORDS and page.is_next(here - 1):
        here -= 1
        is_particle = page.words[here].fold in _PARTICLES and page.words[here].fold != "het"
        if page.has_capital(here) or (is_particle and page.words[here].has_capital):
            first = here
        elif not is_particle:
            break
    return first


def _front_street(page: _Page, place: int) -> Iterator[Span]:
    """ "Laan van Meerdervoort 12", "calle Mayor 5", "вул. Шевченка 5": to the number; without one to the last name."""
    needs_number = page.words[place].fold in _lists("street_words")["front"]
    last = place
    for here in range(place, min(len(page.words), place + _MOST_WORDS + 2)):
        if house := _HOUSE.match(page.text, page.words[here].end):
            if here > place and (not needs_number or _is_particle(page, place + 1) or page.has_capital(place)):
                yield page.span(place, here, Kind.ADDRESS)
                yield Span(page.words[place].start, house.end(), Kind.ADDRESS)
            return
        if here > place and (page.has_capital(here) or page.language == "ar") and not page.is_ordinary(here):
            last = here
        if here + 1 < len(page.words) and page.gap(here) not in {" ", ". ", "."}:
            break
        if page.language == "ar" and here > place:
            break
    if last > place and not needs_number:
        yield page.span(place, last, Kind.ADDRESS)


def _is_particle(page: _Page, place: int) -> bool:
    return place < len(page.words) and page.words[place].fold in _PARTICLES


def _schools(page: _Page) -> Iterator[Span]:
    lists = _lists("school_words")
    for place, word in enumerate(page.words):
        if word.fold in lists["strong"] or word.fold in lists["weak"]:
            last = _school_name(page, place, small_too=word.fold in lists["strong"])
            if last > place:
                yield page.span(place, last, Kind.SCHOOL)
        if word.fold in lists["behind"] and (page.capitals_speak or page.language == "tr"):
            first = _reach_back(page, place)
            if first < place and (word.has_capital or page.is_within(first)):
                yield page.span(first, place, Kind.SCHOOL)
        if word.fold in lists["behind small"] and _small_before(page, place):
            yield page.span(place - 1, place, Kind.SCHOOL)
        if _is_school(page, place):
            yield page.span(_reach_back(page, place), place, Kind.SCHOOL)


def _small_before(page: _Page, place: int) -> bool:
    """ "vista college": a word before it that says nothing else."""
    if not place or not page.is_next(place - 1) or page.is_ordinary(place - 1):
        return False
    before = page.words[place - 1].fold
    return len(before) > len("het") and not _looks_like_verb(before)


def _is_school(page: _Page, place: int) -> bool:
    """ "calandlyceum", and with a capital "Montessorischool"."""
    fold, lists = page.words[place].fold, _lists("school_words")
    if fold in lists["ordinary"] or page.is_ordinary(place):
        return False
    return fold.endswith(tuple(lists["ending"])) or (
        page.has_capital(place) and fold.endswith(tuple(lists["ending capital"]))
    )


_MOST_BETWEEN = 3


def _school_name(page: _Page, place: int, *, small_too: bool) -> int:
    """The last word of the name that follows this word for a school, or this word when none does."""
    here, between = place + 1, _lists("school_words")["between"]
    if not page.gap(place):
        return place
    while (
        here < len(page.words)
        and here - place <= _MOST_BETWEEN
        and _is_near(page, here - 1)
        and page.words[here].fold in between
    ):
        here += 1
    if here >= len(page.words) or not _is_near(page, here - 1):
        return place
    small = small_too and not page.is_ordinary(here) and not _looks_like_verb(page.words[here].fold)
    if not small and not page.has_capital(here):
        return place
    while here + 1 < len(page.words) and page.is_next(here) and page.has_capital(here + 1):
        here += 1
    return here


def _is_near(page: _Page, place: int) -> bool:
    """A space, perhaps with a quotation mark, a dot or a number between this word and the next."""
    return bool(re.fullmatch(r"[.\u00a0 ]{1,2}[\"“'‘„«]?|[ .№]{1,3}\d{0,3} ?[\"“„«]?", page.gap(place)))


_MEANINGFUL = 5


def _listed_schools(page: _Page, schools: Collection[str]) -> Iterator[Span]:
    """The schools of the region, in full or by what is left without "basisschool de"."""
    known: dict[str, list[list[str]]] = {}
    for school in schools:
        full = [word.fold for word in _words_of(school)]
        for name in (full, _core(full, page.lexicon.ordinary)):
            if name:
                known.setdefault(name[0], []).append(name)
    folds = [word.fold for word in page.words]
    for place, fold in enumerate(folds):
        for name in known.get(fold, ()):
            if folds[place : place + len(name)] == name:
                yield page.span(place, place + len(name) - 1, Kind.SCHOOL)


def _core(name: list[str], ordinary: Collection[str]) -> list[str]:
    """The telling part of a school's name; nothing when that is one ordinary or short word."""
    lists = _lists("school_words")
    generic = lists["strong"] | lists["weak"] | lists["between"] | lists["behind"]
    core = [word for word in name if word not in generic]
    is_telling = len(core) > 1 or (len(core) == 1 and len(core[0]) >= _MEANINGFUL and core[0] not in ordinary)
    return core if is_telling else []


def _places(page: _Page) -> Iterator[Span]:
    """ "ik woon in almelo": the word after it, small letters too."""
    lists = _lists("context_words")
    for place, word in enumerate(page.words[:-2]):
        is_near = page.is_next(place) and page.is_next(place + 1)
        if is_near and word.fold in lists["lives"] and page.words[place + 1].fold in lists["in"]:
            last = _skip_particles(page, place + 2)
            if not page.is_ordinary(last):
                yield page.span(place + 2, last, Kind.PLACE)


# ---- names -----------------------------------------------------------------------------------------------------------

_SHORTEST_REPEATED = 4


def _names(page: _Page) -> Iterator[Span]:
    """Names of the lists, after titles, by their capital; and each of them wherever it stands again."""
    sure: set[int] = set()
    for place in range(len(page.words)):
        if place in sure:
            continue
        if span := _name_from(page, place):
            sure.update(range(span[0], span[1] + 1))
            yield page.span(*span, Kind.NAME)
    known = {page.words[place].fold for place in sure if not page.is_ordinary(place)}
    again = known - _PARTICLES - page.lexicon.doubtful_names
    for place, word in enumerate(page.words):
        if place not in sure and word.fold in again and len(word.fold) >= _SHORTEST_REPEATED:
            yield page.span(place, place, Kind.NAME)


def _name_from(page: _Page, place: int) -> tuple[int, int] | None:
    """The first and last word of a name that begins at this word or after the title that it is."""
    if (start := _after_title(page, place)) is not None:
        return start, _reach_on(page, _skip_particles(page, start))
    if _before_title(page, place):
        return place, place
    if page.is_name(place) or page.is_family_name(place):
        return place, _reach_on(page, place)
    if page.has_capital(place) and page.is_doubtful_name(place):
        return place, _reach_on(page, place)
    if page.has_capital(place) and len(page.words[place].text) > 1:
        follows = page.is_next(place) and place + 1 < len(page.words) and page.has_capital(place + 1)
        if (
            page.is_within(place)
            or (follows and len(page.words[place + 1].text) > 1)
            or _is_initial_then_name(page, place)
        ):
            return place, _reach_on(page, place)
    return None


def _is_initial_then_name(page: _Page, place: int) -> bool:
    """At the start of a sentence a capital says nothing, unless a listed name or "van der X" follows it."""
    return page.is_next(place) and (page.is_name(place + 1) or page.is_family_name(place + 1))


def _after_title(page: _Page, place: int) -> int | None:
    """Where the name begins when this word is a title with a name after it."""
    lexicon, fold = page.lexicon, page.words[place].fold
    is_strong = fold in lexicon.strong_titles
    gap = page.gap(place)
    if not (is_strong or fold in lexicon.weak_titles) or gap not in {" ", ". ", ".", ": ", "\u00a0"}:
        return None
    first = place + 1
    name = _skip_particles(page, first)
    is_strong = is_strong or (gap in {". ", "."} and len(fold) <= len("mevr"))
    return first if _may_follow_title(page, name, is_strong=is_strong, after_particle=name > first) else None


def _may_follow_title(page: _Page, place: int, *, is_strong: bool, after_particle: bool) -> bool:
    word, lexicon = page.words[place], page.lexicon
    if len(word.text) == 1 and word.fold != "i":
        return word.text.isupper() or (is_strong and page.gap(place).startswith("."))
    if page.is_name(place) or word.head in lexicon.family_names_after:
        return True
    if page.is_doubtful_name(place):
        return is_strong or word.has_capital
    if page.is_ordinary(place):
        return False
    return page.has_capital(place) or (is_strong and (after_particle or not _looks_like_verb(word.fold)))


_VERB = re.compile(r"\w{2,}(?:[^aeiou]t|de|te|den|ten|ed|ing)")


def _looks_like_verb(fold: str) -> bool:
    """Dutch and English verb endings: after "juf" small letters may go on with "luisterde"."""
    return bool(_VERB.fullmatch(fold))


def _skip_particles(page: _Page, place: int) -> int:
    """The word after "van der", or this word when it is no particle or nothing follows."""
    here = place
    while (
        here + 1 < len(page.words)
        and here - place < _MOST_BETWEEN
        and page.words[here].fold in _PARTICLES
        and page.is_next(here)
    ):
        here += 1
    return here


def _before_title(page: _Page, place: int) -> bool:
    """Turkish: "Ayşe hanım", "mehmet öğretmen"."""
    if page.language != "tr" or not page.is_next(place) or page.is_ordinary(place):
        return False
    after = page.words[place + 1].fold
    titles = _lists("titles")
    return after in titles["after"] or (after in titles["after weak"] and page.has_capital(place))


def _reach_on(page: _Page, place: int) -> int:
    """The last word of a name that has begun: family names, initials, "van der X"."""
    last = place
    while last + 1 < len(page.words) and (step := _one_more(page, last)) > last:
        last = step
    return last


def _one_more(page: _Page, last: int) -> int:
    here, gap = last + 1, page.gap(last)
    is_initial = len(page.words[last].text) == 1
    if not (page.is_next(last) or (is_initial and gap in {".", ". "})):
        return last
    if page.has_capital(here) or page.is_name(here) or page.is_family_name(here):
        return here
    after = _skip_particles(page, here)
    if after == here:
        return last
    is_known = page.words[after].fold in page.lexicon.family_names_after
    small = after - here > 1 and page.words[here + 1].fold in {"der", "den"} and not page.is_ordinary(after)
    return after if page.has_capital(after) or is_known or small else last


# ---- putting together ------------------------------------------------------------------------------------------------

_JOIN = re.compile(r",? {0,2}")


def _one_line(text: str, spans: Sequence[Span]) -> list[Span]:
    """Sorted, each overlap made one. Nothing that was found comes free because something else lay over it."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        last = kept[-1] if kept else None
        if last and (span.start < last.end or _are_one_address(text, last, span)):
            kind = min(last.kind, span.kind, key=MOST_CERTAIN_FIRST.index)
            kept[-1] = Span(last.start, max(last.end, span.end), kind)
        else:
            kept.append(span)
    return kept


def _are_one_address(text: str, one: Span, other: Span) -> bool:
    """Street and postcode that stand side by side."""
    is_pair = one.kind is other.kind is Kind.ADDRESS
    return bool(text) and is_pair and _JOIN.fullmatch(text, one.end, other.start) is not None


# ---- danger ----------------------------------------------------------------------------------------------------------

_SHORTEST_BORROWED = 6


@cache
def _danger(language: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases by their first two letters. Dutch ones hold in each language, except short words: "mes" is Spanish too."""
    lists: dict[str, list[str]] = json.loads((WORDS / "danger.json").read_text(encoding="utf-8"))
    borrowed = [phrase for phrase in lists["nl"] if " " in phrase or len(phrase) >= _SHORTEST_BORROWED]
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in [*lists.get(language, []), *(lists["nl"] if language == "nl" else borrowed)]:
        words = tuple(_fold(word) for word in phrase.split())
        found.setdefault(words[0].rstrip("*")[:2], []).append(words)
    return {start: tuple(phrases) for start, phrases in found.items()}


def _begins_with(words: Sequence[str], place: int, phrase: Sequence[str]) -> bool:
    """Does the phrase stand here? A word of the phrase that ends in * is the beginning of a word."""
    here = words[place : place + len(phrase)]
    return len(here) == len(phrase) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for word, part in zip(here, phrase, strict=True)
    )
