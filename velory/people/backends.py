"""Signing in: by address and password, and never after the last day."""

from allauth.account.auth_backends import AuthenticationBackend

from velory import clock


class PersonBackend(AuthenticationBackend):
    """allauth's backend for people whose access has not ended."""

    def user_can_authenticate(self, user):
        return user.works_on(clock.today())

    def get_user(self, user_id):
        user = super().get_user(user_id)
        return user if user is not None and user.works_on(clock.today()) else None
