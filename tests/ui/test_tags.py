"""The template tags give markup that ties words, controls and errors together."""

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from gehoor.ui import door
from gehoor.ui.shell import Shell, work_nav


class RoundForm(forms.Form):
    name = forms.CharField(label="Name", help_text="Short")
    moment = forms.ChoiceField(label="Moment", choices=[("a", "Before"), ("b", "After")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="Agreed")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"class": "wide"}))
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def rendered(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_field_ties_its_hint_to_the_control():
    html = rendered("{% field form.name %}", form=RoundForm())

    assert '<label class="label" for="id_name">Name</label>' in html
    assert 'id="id_name_helptext">Short</p>' in html
    assert 'aria-describedby="id_name_helptext"' in html


def test_a_refused_field_says_so_in_words_and_to_a_screen_reader():
    html = rendered("{% field form.name %}", form=RoundForm({}))

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'class="error" id="id_name_error"' in html


def test_a_group_of_radios_is_a_fieldset_with_a_legend():
    html = rendered("{% field form.moment %}", form=RoundForm({}))

    assert '<fieldset class="field field-invalid" aria-describedby="id_moment_error">' in html
    assert '<legend class="label">Moment</legend>' in html
    assert html.count('type="radio"') == 2


def test_a_field_that_may_stay_empty_says_so_and_keeps_its_own_class():
    html = rendered("{% field form.note %}", form=RoundForm())

    assert '<span class="optional">' in html
    assert 'class="wide input"' in html


def test_a_hint_in_the_template_replaces_that_of_the_form():
    html = rendered("{% field form.name hint='At most five words' %}", form=RoundForm())

    assert "At most five words" in html
    assert "Short" not in html


def test_a_hint_can_be_left_out_and_then_nothing_points_at_it():
    html = rendered("{% field form.name hint='' %}", form=RoundForm())

    assert "Short" not in html
    assert "aria-describedby" not in html


def test_a_label_that_is_not_ours_can_be_replaced():
    html = rendered("{% field form.name label='Full name' %}", form=RoundForm())

    assert '<label class="label" for="id_name">Full name</label>' in html


def test_no_field_repeats_its_label_in_itself():
    form = RoundForm()
    form.fields["name"].widget.attrs["placeholder"] = "Name"

    assert "placeholder" not in rendered("{% field form.name %}", form=form)


def test_a_list_to_choose_from_does_not_say_that_it_may_stay_empty():
    class Choice(forms.Form):
        team = forms.ChoiceField(choices=[("", "The whole office"), ("1", "North")], required=False)

    assert "optional" not in rendered("{% field form.team %}", form=Choice())


def test_a_hidden_field_has_no_words():
    assert (
        rendered("{% field form.secret %}", form=RoundForm()).strip()
        == '<input type="hidden" name="secret" class="input" id="id_secret">'
    )


def test_the_error_summary_links_to_the_first_control_of_each_field():
    form = RoundForm({})
    form.add_error(None, "These two do not go together")

    html = rendered("{% errors form %}", form=form)

    assert 'role="alert" tabindex="-1" autofocus' in html
    assert [link for link in ("#id_name", "#id_moment_0", "#id_agree") if f'href="{link}"' not in html] == []
    assert "<li>These two do not go together</li>" in html


def test_the_error_summary_names_the_field_when_two_have_the_same_fault():
    html = rendered("{% errors form %}", form=RoundForm({}))
    alone = rendered("{% errors form %}", form=RoundForm({"moment": "a", "agree": "on"}))

    assert "Name – This field is required." in html
    assert "Agreed – This field is required." in html
    assert ">This field is required.<" in alone


def test_the_error_summary_is_silent_when_all_is_well():
    assert rendered("{% errors form %}", form=RoundForm()).strip() == ""


def test_a_button_escapes_its_words_and_leaves_out_what_is_empty():
    assert (
        rendered("{% button label %}", label="<b>")
        == '<button class="button button-primary" type="submit">&lt;b&gt;</button>'
    )


def test_a_button_with_an_address_is_a_link():
    assert (
        rendered("{% button 'Go' kind='secondary' href='/x/' %}")
        == '<a class="button button-secondary" href="/x/">Go</a>'
    )


def test_a_quarter_is_read_in_words_that_stay_together():
    assert rendered("{{ '2026-Q4'|quarter }}") == "quarter\xa04\xa0of\xa02026"
    assert rendered("{{ 'some day'|quarter }}") == "some day"


def test_an_unknown_kind_of_button_is_refused():
    with pytest.raises(ValueError, match="'loud'"):
        rendered("{% button 'Go' kind='loud' %}")


def test_an_empty_place_teaches_what_to_do():
    html = rendered("{% empty title='No round yet' why='Because' do='Start small' href='/new/' action='Make one' %}")

    assert [
        part for part in ("No round yet", "Because", "Start small", 'href="/new/"', "Make one") if part not in html
    ] == []


def test_the_empty_tag_works_inside_the_empty_part_of_a_loop():
    html = rendered("{% for x in xs %}{{ x }}{% empty %}{% empty title='Nothing' %}{% endfor %}", xs=[])

    assert "Nothing" in html


def test_the_body_of_the_style_element_is_what_the_policy_hashes():
    html = rendered("{% door_css %}")

    assert html == f"<style>{door.STYLE}</style>"
    assert door.csp_hash(html.removeprefix("<style>").removesuffix("</style>")) == door.STYLE_SHA256


def test_the_rules_of_one_page_stand_in_an_element_of_their_own():
    html = rendered("{% door_css extra=rules %}", rules=".a{b:c}")

    assert html.endswith("</style><style>.a{b:c}</style>")


def test_the_navigation_follows_the_work_and_hides_what_may_not_be_opened():
    nav = work_nav({"see": "/zien/", "ask": "/vragen/", "home": "/"}, current="ask")

    assert [(item.key, item.current) for item in nav] == [("home", False), ("ask", True), ("see", False)]


def test_the_staff_page_stands_without_a_shell():
    html = render_to_string("ui/staff.html")

    assert '<main class="page" id="main"' in html
    assert "<nav" not in html


def test_the_staff_page_shows_where_one_is():
    html = render_to_string("ui/staff.html", {"shell": Shell(nav=work_nav({"do": "/doen/"}, current="do"))})

    assert '<a href="/doen/" aria-current="page">' in html


def test_the_respondent_page_asks_nothing_more_of_the_network():
    html = render_to_string("ui/public.html")

    assert '<link rel="icon" href="data:,">' in html
    assert [word for word in ("<script", "stylesheet", "src=") if word in html] == []
