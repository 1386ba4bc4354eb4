"""Signing in: by the address that stands on the person and by no other, and never after the last day."""

from allauth.account.auth_backends import AuthenticationBackend

from velory import clock
from velory.people.federated.ways import has_passwords
from velory.people.models import Person


class PersonBackend(AuthenticationBackend):
    """allauth's backend for people who have access today; its own list of addresses is not asked."""

    def _authenticate_by_email(self, email, password):
        is_on = has_passwords()  # asked for known and unknown alike
        person = Person.objects.at_address(email).working(clock.today()).first()
        if person is None or not is_on:
            return None  # allauth then hashes the password in vain: known and unknown take the same time (R62)
        self._did_check_password = True
        return person if person.check_password(password) else None

    def user_can_authenticate(self, user):
        return user.works_on(clock.today())

    def get_user(self, user_id):
        person = Person.objects.with_factors().filter(pk=user_id).first()
        return person if person is not None and person.works_on(clock.today()) else None
