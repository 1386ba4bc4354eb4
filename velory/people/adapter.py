"""Where allauth meets our people: no sign-up by oneself, letters through our outbox."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions, answered for a company."""

    def is_open_for_signup(self, request):
        """Nobody signs up: people are invited or imported."""
        return False
