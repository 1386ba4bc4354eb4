"""A letter is written with its cause, once a key, and put into words in the recipient's language."""

import pytest
from django.db import transaction

from tests.kernel.posting import TEMPLATE, a_kind, a_letter, the_letter
from tests.making import a_person, an_admin
from velory.agenda.models import Due
from velory.post import reasons
from velory.post.letters import call_off, draft, kinds, write_again, write_letter, write_letters
from velory.post.models import Letter, MailSettings
from velory.post.wording import one_line, render, wrapped


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    return a_kind(monkeypatch)


def on_the_agenda():
    return list(Due.objects.filter(kind="post.send").order_by("pk").values_list("ref", "due_at"))


def test_it_is_written_once_a_key(at):
    ebba = a_person("Ebba", "Nyström")
    first = a_letter(ebba, at)
    assert a_letter(ebba, at) is None
    assert the_letter() == first
    assert (first.to, first.to_name, first.language, first.state) == (ebba.email, "Ebba Nyström", "sv", "queued")
    assert on_the_agenda() == [(str(first.pk), at.moment)]


def test_it_is_gone_with_its_cause(at):
    with transaction.atomic():
        a_letter(a_person(), at)
        transaction.set_rollback(True)
    assert not Letter.objects.exists()
    assert on_the_agenda() == []


def test_it_can_wait_for_its_hour(at):
    later = at("2026-11-23T08:00")
    letter = a_letter(a_person(), at, send_at=later)
    assert on_the_agenda() == [(str(letter.pk), later)]


def test_many_are_written_with_two_statements(at, django_assert_num_queries):
    people = [a_person() for _ in range(40)]
    a_letter(people[3], at, key="test/3")
    with django_assert_num_queries(4):  # both within a savepoint
        made = write_letters(
            [draft(TEMPLATE, key=f"test/{n}", person=person, at=at.moment) for n, person in enumerate(people)],
            at=at.moment,
        )
    assert len(made) == 39
    assert Letter.objects.count() == 40
    assert len(on_the_agenda()) == 40


def test_somebody_without_an_address_gets_a_letter_that_says_so(at):
    letter = a_letter(a_person(email=None), at)
    assert (letter.state, letter.reason, letter.to) == ("voided", reasons.NO_ADDRESS, "")
    assert on_the_agenda() == []


def test_a_partner_gets_it_in_the_companys_language(at):
    letter = write_letter(TEMPLATE, key="p", to="service@atea.example", to_name="Atea", at=at.moment)
    assert (letter.language, letter.person) == ("sv", None)


def test_letters_that_wait_can_be_called_off(at):
    letter = a_letter(a_person(), at)
    assert call_off(Letter.objects.of_template(TEMPLATE), "The process was cancelled.") == 1
    assert the_letter().state == "voided"
    assert call_off(Letter.objects.all(), "Again.") == 0
    assert the_letter().why == "The process was cancelled."
    assert letter.pk == the_letter().pk


def test_the_letters_of_somebody_whose_access_ends_are_called_off_with_it(at):
    ebba, orjan = a_person("Ebba"), a_person()
    a_letter(ebba, at)
    a_letter(orjan, at, key="2")
    ebba.end_access(by=an_admin(), at=at.moment)
    assert [(letter.state, letter.reason) for letter in Letter.objects.order_by("pk")] == [
        ("voided", reasons.HAS_LEFT),
        ("queued", ""),
    ]


def test_it_can_go_again_under_a_key_of_its_own(at):
    ebba = a_person()
    first = a_letter(ebba, at)
    again, third = write_again(first, at=at.moment), write_again(first, at=at.moment)
    assert [letter.resent_from for letter in (again, third)] == [first, first]
    assert len({first.key, again.key, third.key}) == 3


def test_one_with_a_secret_does_not_go_again(at, monkeypatch):
    a_kind(monkeypatch, secret=("link",))
    assert write_again(a_letter(a_person(), at), at=at.moment) is None


# How it reads


def test_it_speaks_the_recipients_language(at):
    swedish = render(a_letter(a_person("Ebba", language="sv"), at))
    english = render(a_letter(a_person("Ebba", language="en"), at, key="2"))
    assert "Hej Ebba!" in swedish.text
    assert "Hello Ebba," in english.text
    assert '<html lang="sv"' in swedish.html
    assert '<html lang="en"' in english.html


def test_both_parts_say_the_same_and_lead_to_the_same_place(at):
    words = render(a_letter(a_person("Ebba", language="en"), at))
    for sentence in (
        "Hello Ebba,", "https://example.test/somewhere/", "The link works once, for 14 days.",
        "because Nils Wikström invited you at Nordvik Energi AB.", "Sent with Velory.",
    ):  # fmt: skip
        assert sentence in words.html
        assert sentence in " ".join(words.text.split())
    assert "<" not in words.text


def test_it_names_who_answers_questions(at):
    letter = a_letter(a_person(language="en"), at)
    assert "Questions are answered" not in render(letter).text
    nils = an_admin(email="nils.wikstrom@nordvik.example")
    an_admin(first_name="Ana")
    assert f"Questions are answered by Nils Wikström, {nils.email}." in " ".join(render(letter).text.split())
    MailSettings(pk=1, reply_to="it@nordvik.example").save()
    words = render(letter)
    assert "Questions are answered by it@nordvik.example." in " ".join(words.text.split())
    assert 'href="mailto:it@nordvik.example"' in words.html


def test_nobody_is_sent_to_themselves_with_questions(at):
    nils = an_admin(email="nils.wikstrom@nordvik.example")
    words = render(a_letter(nils, at))
    assert "Questions are answered" not in words.text + words.html


def test_what_people_typed_is_text_and_nothing_else(at):
    words = render(a_letter(a_person('<b>"Ebba"</b>{{7*7}}\r\nBcc: x', language="en"), at))
    assert "&lt;b&gt;&quot;Ebba&quot;&lt;/b&gt;{{7*7}} Bcc: x" in words.html
    assert '<b>"Ebba"</b>{{7*7}} Bcc: x' in words.text


@pytest.mark.parametrize(("typed", "stands"), [
    ("a\r\nBcc: b", "a Bcc: b"), ("a\u202eb", "ab"), ("a\x00\x1f\u2028b", "a b"), ("  a  \t b ", "a b"),
    ("\ud800a", "a"), ("Örjan Å", "Örjan Å"), ("x" * 99, "x" * 49 + "…"),
])  # fmt: skip
def test_a_header_has_one_line_and_no_steering(typed, stands):
    assert one_line(typed, 50) == stands


def test_text_is_wrapped_but_addresses_and_columns_are_not():
    address = "https://nordvik.localhost/l/" + "x" * 80 + "/"
    text = wrapped("word " * 40 + f"\n\nOpen:\n{address}\n\nDevice       iPhone\nSerial       259GRQSUT9")
    assert max(len(line) for line in text.split("\n") if "://" not in line) <= 72
    assert f"Open:\n{address}\n\nDevice       iPhone\nSerial" in text


def test_a_letter_that_is_shown_keeps_its_secret(at, monkeypatch):
    a_kind(monkeypatch, secret=("link",))
    letter = a_letter(a_person(), at, context={"link": "https://example.test/secret/"})
    words = render(letter, for_show=True)
    assert "secret" not in words.text + words.html
    assert "••••••" in words.text
    assert letter.context == {"link": "https://example.test/secret/"}
    assert "https://example.test/secret/" in render(letter).html


def test_every_kind_of_letter_has_its_parts():
    from django.template.loader import get_template

    assert len(kinds()) >= 3
    for kind in kinds():
        for part in ("subject", "preheader", "why", "text", "html"):
            get_template(f"emails/{kind.template}.html#{part}")
