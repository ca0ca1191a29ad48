"""Words and forms for the component page: the same elements in Dutch and in Arabic (right to left)."""

from dataclasses import dataclass
from typing import cast

from django import forms


@dataclass(frozen=True)
class Sample:
    """Sample texts of one language. They are examples, not interface: no catalogue holds them."""

    code: str
    direction: str
    heading: str
    text: str
    link: str
    save: str
    later: str
    remove: str
    name: str
    name_hint: str
    name_filled: str
    name_error: str
    moment: str
    moments: tuple[str, ...]
    story: str
    agree: str
    words: str
    faces: tuple[str, ...]
    question: str
    choices: tuple[str, ...]
    open_question: str
    dont_know: str
    rather_not: str
    begin: str
    further: str
    back: str
    send: str
    progress: str
    intro: str


DUTCH = Sample(
    code="nl",
    direction="ltr",
    heading="Wat jongeren zeggen",
    text="Elke vraag krijgt een antwoord. Wat een jongere zegt, leidt tot een besluit, en dat besluit vertellen we terug.",
    link="Lees hoe dat gaat",
    save="Bewaren",
    later="Later verder",
    remove="Weghalen",
    name="Naam van de peiling",
    name_hint="Alleen uw collega's zien deze naam.",
    name_filled="Na het eerste gesprek, najaar",
    name_error="Vul een naam in. Zo vinden uw collega's de peiling terug.",
    moment="Wanneer vraagt u het?",
    moments=("Voor het gesprek", "Na het gesprek", "Als alles klaar is"),
    story="Wat wilt u weten?",
    agree="De privacy officer heeft meegekeken",
    words="Ze luisterde wel, maar ik wist niet dat er ook een brief naar mijn vader ging.",
    faces=("helemaal niet", "niet zo", "een beetje", "goed", "heel goed"),
    question="Luisterde de leerplichtambtenaar naar jou?",
    choices=("Thuis", "Op school", "Op het kantoor van Leerplicht", "Via de telefoon of video"),
    open_question="Wat moet anders?",
    dont_know="Weet ik niet",
    rather_not="Zeg ik liever niet",
    begin="Begin",
    further="Verder",
    back="Terug",
    send="Verstuur",
    progress="Vraag %(number)s van 3",
    intro="Je had een gesprek met Leerplicht. Wij willen weten hoe dat was. Je naam staat er niet bij. "
    "Niemand ziet dat jij dit zei. Je mag elke vraag overslaan.",
)

ARABIC = Sample(
    code="ar",
    direction="rtl",
    heading="ماذا يقول الشباب",
    text="كل سؤال يحصل على جواب. ما يقوله الشباب يؤدي إلى قرار، ونحن نخبرهم بهذا القرار.",
    link="اقرأ كيف يتم ذلك",
    save="حفظ",
    later="لاحقًا",
    remove="حذف",
    name="اسم الاستطلاع",
    name_hint="يرى زملاؤك فقط هذا الاسم.",
    name_filled="بعد المحادثة الأولى، الخريف",
    name_error="اكتب اسمًا، حتى يجد زملاؤك الاستطلاع.",
    moment="متى تسأل؟",
    moments=("قبل المحادثة", "بعد المحادثة", "عندما ينتهي كل شيء"),
    story="ماذا تريد أن تعرف؟",
    agree="راجع ذلك مسؤول الخصوصية",
    words="كانت تستمع إليّ، لكنني لم أعرف أن رسالة أُرسلت أيضًا إلى أبي.",
    faces=("أبدًا", "ليس كثيرًا", "قليلًا", "جيد", "جيد جدًا"),
    question="هل استمع إليك موظف التعليم الإلزامي؟",
    choices=("في البيت", "في المدرسة", "في المكتب", "بالهاتف أو الفيديو"),
    open_question="ما الذي يجب أن يتغير؟",
    dont_know="لا أعرف",
    rather_not="لا أريد أن أقول",
    begin="ابدأ",
    further="التالي",
    back="رجوع",
    send="أرسل",
    progress="السؤال %(number)s من 3",
    intro="كانت لديك محادثة مع مكتب التعليم الإلزامي. نريد أن نعرف كيف كانت. لا يُكتب اسمك. "
    "لا أحد يعرف أنك قلت هذا. يمكنك ترك أي سؤال.",
)

SAMPLES = {sample.code: sample for sample in (DUTCH, ARABIC)}


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField()
    moment = forms.ChoiceField(widget=forms.RadioSelect)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    place = forms.ChoiceField(required=False)
    story = forms.CharField(widget=forms.Textarea, required=False)
    agree = forms.BooleanField()

    def __init__(self, sample: Sample, *, state: str, data: dict[str, str] | None = None) -> None:
        super().__init__(data, prefix=f"{sample.code}-{state}")
        labels = {"name": sample.name, "moment": sample.moment, "story": sample.story, "agree": sample.agree}
        labels |= {"day": sample.moments[0], "place": sample.moment}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = sample.name_error
            self.fields[name].disabled = state == "disabled"
        self.fields["name"].help_text = sample.name_hint
        for name in ("moment", "place"):
            cast(forms.ChoiceField, self.fields[name]).choices = [
                (str(n), text) for n, text in enumerate(sample.moments)
            ]


def forms_in_each_state(sample: Sample) -> dict[str, SampleForm]:
    """The form empty, filled, refused and disabled, by the name of the state."""
    prefix = f"{sample.code}-filled"
    words = {"name": sample.name_filled, "moment": "1", "story": sample.text, "agree": "on", "day": "2026-10-01"}
    filled = {f"{prefix}-{key}": value for key, value in words.items()}
    return {
        "empty": SampleForm(sample, state="empty"),
        "filled": SampleForm(sample, state="filled", data=filled),
        "refused": SampleForm(sample, state="refused", data={}),
        "disabled": SampleForm(sample, state="disabled"),
    }
