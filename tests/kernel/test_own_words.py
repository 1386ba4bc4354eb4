"""A company's own words in its letters: judged when they are saved, the same in both parts, never markup."""

import re
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.posting import a_letter, post_is_sent
from tests.making import a_person, an_admin
from velory import clock
from velory.journal.models import Entry
from velory.post.letters import kinds
from velory.post.models import OwnWords
from velory.post.own_words import CannotBeFilled, fill, objections
from velory.post.specimens import facts_of, specimen_letter, specimen_of, variables_of
from velory.post.wording import render
from velory.ui.todos import todos

KINDS = [kind.template for kind in kinds()]
PAGE = "/mail/texts/people/invitation/"
KNOWN = ["first_name", "name", "company"]


@pytest.fixture
def admin(at_their_desk):
    return at_their_desk(an_admin())


def as_it_reads(template, language, **own):
    letter = specimen_letter(template, language, at=clock.now())
    words = OwnWords(template=template, language=language, **own)
    return render(letter, for_show=True, facts=facts_of(template, language), own=words)


def seen(html):
    """What a reader of the HTML part sees, blanks made one."""

    class Reader(HTMLParser):
        words = ""

        def handle_data(self, data):
            self.words += f" {data}"

    reader = Reader()
    reader.feed(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))
    return " ".join(reader.words.split())


# Every kind of letter

OF_THE_SPEC = """
people/invitation people/sign_in_code people/password_reset
renewals/external_30_days renewals/leased_3_months renewals/leased_1_month renewals/one_off_30_days
renewals/started_to_distributor renewals/return_chosen renewals/return_label renewals/time_to_return
renewals/bought renewals/released_to_you renewals/weekly_digest renewals/buyout_summary
orders/request_to_approve orders/requests_digest orders/request_approved orders/request_rejected
orders/order orders/shipped orders/delivered orders/cancelled orders/money_back
repairs/fault_reported assets/offboarding
"""


@pytest.mark.nowhere
def test_every_letter_that_was_promised_is_there():
    assert set(OF_THE_SPEC.split()) <= set(KINDS)


@pytest.mark.parametrize("template", KINDS)
def test_every_letter_has_a_specimen_in_its_own_words_and_in_ours(template):
    assert specimen_of(template) is not None, f"{template} has no specimen (see velory/post/specimens.py)."
    names = " ".join(f"[{{{name}}}]" for name in variables_of(template))
    for language in ("en", "sv"):
        ours = as_it_reads(template, language)
        assert ours.subject
        assert not ours.fault
        theirs = as_it_reads(
            template, language, subject=f"Ämne {names}", opening=f"Först {names}", closing=f"Sist {names}"
        )
        assert not theirs.fault
        assert theirs.subject.startswith("Ämne [")
        text = " ".join(theirs.text.split())
        for begin in ("Först [", "Sist ["):
            said = text[text.index(begin) : text.index("]", text.index(begin)) + 1]
            assert said in seen(theirs.html)
        assert text.index("Först [") < text.index("Sist [")
        assert "{" not in theirs.subject


def test_what_is_left_empty_is_velorys_own():
    ours, theirs = as_it_reads("people/invitation", "en"), as_it_reads("people/invitation", "en", subject="Hi")
    assert theirs.subject == "Hi"
    assert theirs.text == ours.text


def test_an_opening_takes_the_place_of_the_first_words_where_those_are_no_facts():
    words = as_it_reads("people/invitation", "en", opening="Welcome on board.")
    assert "looks after its phones" not in words.text + words.html
    reminder = as_it_reads("renewals/external_30_days", "en", opening="Please read this.")
    for part in (reminder.text, seen(reminder.html)):
        assert part.index("Please read this.") < part.rindex("The renewal date is")


# Judged when they are saved


@pytest.mark.nowhere
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Dear {firstname}", "{firstname} is not known in this letter. You can use {company}, {first_name}, {name}."),
        ("<b>Now</b>", "HTML is not possible here"),
        ("a &amp; b", "HTML is not possible here"),
        ("javascript:alert(1)", "Links begin with https:// in letters; “javascript:” is not possible."),
        ("See http://velory.example", "“http:” is not possible."),
        ("data:text/html,x", "“data:” is not possible."),
        ("https://x.example/{name}", "A variable can't stand in a link."),
        ("{company", "A brace stands only around a variable"),
        ("{company.schema_name}", "A brace stands only around a variable"),
        ("{{ company }}", "A brace stands only around a variable"),
        ("right\u202eleft", "cannot be seen"),
        ("nought\0", "cannot be seen"),
    ],
)
def test_what_can_not_be_kept_is_said_in_words(words, said):
    assert any(said in sentence for sentence in objections(words, KNOWN))


@pytest.mark.nowhere
@pytest.mark.parametrize(
    "words", ["", "Hi {first_name}!", "5 < 6, R&D", "Note: see https://it.nordvik.example.", "à demain"]
)
def test_what_can_be_kept_is(words):
    assert objections(words, KNOWN) == []


@pytest.mark.nowhere
@pytest.mark.parametrize("turn", ["\n", "\r", "\r\n", "\u2028", "\x0b", "\x85"])
def test_a_subject_is_one_line(turn):
    assert objections(f"Hi{turn}Bcc: someone@nordvik.example", KNOWN, is_line=True)


ANYTHING = st.text(max_size=60)


@pytest.mark.nowhere
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=ANYTHING, first_name=ANYTHING, name=ANYTHING)
def test_whatever_is_typed_and_whatever_it_names_both_parts_say_the_same(words, first_name, name):
    context = {"first_name": first_name, "name": name, "company": "Nordvik"}
    typed = f"{words} {{first_name}} {{name}}"
    if objections(typed, KNOWN):
        return
    filled = fill(OwnWords(opening=typed, subject="x"), {key: key for key in KNOWN}, context)
    if filled.fault:
        assert not (first_name.strip() and name.strip()) or not filled.opening
        return
    assert "<" not in re.sub(r'<a class="link" href="https://[^"<>]*" style="[^"]*">|</a>', "", filled.opening.html)
    shown = re.sub(r"<[^>]+>", "", filled.opening.html)
    assert shown == escape(filled.opening.text)


@pytest.mark.nowhere
@given(value=st.text(min_size=1, max_size=300))
def test_no_value_ends_the_subject(value):
    filled = fill(OwnWords(subject="For {name}"), {"name": "name"}, {"name": value})
    assert not re.search(r"[\r\n\u2028\u2029\x85\x0b\x0c]", filled.subject)


@pytest.mark.nowhere
def test_a_variable_without_a_value_is_a_fault_and_not_a_hole():
    assert fill(OwnWords(opening="Your {device}"), {"device": "device.name"}, {}).fault == "{device}"
    assert issubclass(CannotBeFilled, Exception)


# On its page


def test_both_languages_are_saved_with_who_and_when(admin):
    page = admin.post(PAGE, {"en-subject": "Hi {first_name}", "sv-subject": "Hej {first_name}"}, follow=True)
    assert "The words are saved." in page.text
    assert {row.language: row.subject for row in OwnWords.objects.all()} == {
        "en": "Hi {first_name}", "sv": "Hej {first_name}",
    }  # fmt: skip
    entries = Entry.objects.filter(about_type="post.ownwords")
    assert entries.count() == 2
    assert "Hi {first_name}" in page.text  # the history names it
    admin.post(PAGE, {"en-subject": "Hi {first_name}", "sv-subject": "Hej {first_name}"})
    assert entries.count() == 2


def test_what_can_not_be_kept_stands_at_its_field_and_keeps_nothing(admin):
    page = admin.post(PAGE, {"en-subject": "Hi {device}", "sv-opening": "Hej"})
    assert page.status_code == 422
    assert "{device} is not known in this letter." in page.text
    assert not OwnWords.objects.exists()


def test_a_look_saves_nothing_and_shows_what_was_typed(admin):
    page = admin.post(PAGE, {"en-subject": "Hi {first_name}", "look": "1"})
    assert page.status_code == 200
    assert "Hi Karin" in page.text
    assert not OwnWords.objects.exists()
    frame = admin.get(f"{PAGE}html/en/?opening=Welcome+{{first_name}}+https://it.nordvik.example/a")
    assert "Welcome Karin" in frame.text
    assert 'href="https://it.nordvik.example/a"' in frame.text
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert "<script" not in admin.get(f"{PAGE}html/en/?opening=<script>x</script>").text


def test_a_reset_brings_our_words_back_and_the_journal_keeps_theirs(admin):
    admin.post(PAGE, {"en-subject": "Hi {first_name}"})
    page = admin.post(f"{PAGE}reset/", follow=True)
    assert "own words again" in page.text
    assert not OwnWords.objects.said().exists()
    assert Entry.objects.get(step="reset").details["changes"]["subject"] == ["Hi {first_name}", ""]


def test_the_list_says_whose_words_each_kind_has(admin):
    OwnWords.objects.create(template="people/invitation", language="sv", subject="Hej")
    assert "Svenska: own words" in " ".join(admin.get("/mail/texts/?own=1").text.split())
    assert admin.get("/mail/texts/?own=1").text.count("/mail/texts/people/") == 1
    assert "No kind of letter matches" in admin.get("/mail/texts/?q=zzz").text


def test_each_kind_has_a_name_of_its_own_and_those_of_operators_are_theirs(admin):
    names = [kind.name for kind, _rows in admin.get("/mail/texts/").context["kinds"]]

    assert len(names) == len(set(names)) > 40
    assert not {"Sign-up", "Company suspended", "Company open again"} & set(names)
    assert admin.get("/mail/texts/operators/suspended/").status_code == 404
    assert "Company suspended" not in [name for _template, name in admin.get("/mail/").context["kinds"]]


def test_at_the_operators_stand_only_the_letters_that_go_from_there(console):
    shown = {kind.template for kind, _rows in console.get("/mail/texts/").context["kinds"]}
    assert {"people/sign_in_code", "people/invitation", "operators/suspended"} <= shown
    assert {template.partition("/")[0] for template in shown} == {"people", "operators"}
    assert "people/first_admin" not in shown
    assert console.get("/mail/texts/renewals/bought/").status_code == 404


# In a letter


def test_a_letter_goes_in_the_words_that_hold_when_it_goes(at):
    a_letter(a_person("Ebba", language="en"), at, context={"link": "https://x.example/", "days": 1, "inviter": ""})
    OwnWords.objects.create(
        template="people/invitation", language="en", subject="Hello {first_name}", opening="Line one.\n\nLine <two>.",
        closing="Bye, {company}",
    )  # fmt: skip
    post_is_sent(at)
    [message] = mail.outbox
    assert message.subject == "Hello Ebba"
    assert "Line one.\n\nLine <two>." in message.body
    assert "Line &lt;two&gt;." in message.alternatives[0].content
    assert "Bye, Nordvik Energi AB" in message.body
    assert "Bye, Nordvik Energi AB" in message.alternatives[0].content


def test_words_that_can_not_be_used_cost_no_letter_and_are_told_to_the_admins(at, admin):
    own = OwnWords.objects.create(template="people/invitation", language="en", subject="About your {device}")
    a_letter(a_person("Ebba", language="en"), at, context={"link": "https://x.example/", "days": 1, "inviter": ""})
    post_is_sent(at)
    assert "{" not in mail.outbox[0].subject
    own = OwnWords.objects.get(pk=own.pk)
    assert own.failed_at == at.moment
    [todo] = [todo for todo in todos(today=clock.today()) if todo.code == "texts_failed"]
    assert todo.count == admin.get(todo.url).text.count("/mail/texts/people/") == 1
    assert "it had nothing for {device}" in admin.get(PAGE).text
    admin.post(PAGE, {"en-subject": "About your account"})
    assert OwnWords.objects.get(pk=own.pk).failed_at is None
