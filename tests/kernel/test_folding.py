"""A search does not ask how a name is written: case, accents, ligatures and apostrophes are all the same to it."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.models import Device
from tests.making import a_device, a_person
from velory.folding import Folded, fold
from velory.people.models import Person


@pytest.mark.parametrize(
    ("first", "last", "typed"),
    [
        ("Zoë", "Nielsen", "zoe"), ("Łukasz", "Eriksson", "LUKASZ"), ("Astrid", "Sørensen", "sorensen"),
        ("D’Arcy", "Pettersson", "d'arcy"), ("Siobhán", "Hansen", "siobhan"), ("Siobhan", "Hansen", "Siobhán"),
        ("Örjan", "Jensen", "O\u0308rjan"), ("Eva", "Müller", "mull"), ("Gustav", "Petrović", "etrovic gust"),
    ],
)  # fmt: skip
def test_a_person_is_found_however_the_name_is_typed(at_nordvik, first, last, typed):
    person = a_person(first_name=first, last_name=last)

    assert person in Person.objects.matching(typed)


def test_a_device_is_found_by_part_of_its_name_its_serial_or_its_holder(at_nordvik):
    device = a_device(name="Café-skärm Weiß 27", serial="SN-ABC123", to=a_person(first_name="Zoë"))

    for typed in ("cafe", "SKARM", "abc12", "zoe", "27 cafe", "weiss", "WEIß", "cafe zoe"):
        assert device in Device.objects.matching(typed), typed
    for typed in ("cafeteria", "cafe astrid"):
        assert device not in Device.objects.matching(typed), typed


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0", max_codepoint=0x24F), max_size=30))
def test_the_database_folds_as_python_does(at_nordvik, text):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {Folded.template % {'expressions': '%s::text'}}", [text])
        assert cursor.fetchone()[0] == fold(text)
