"""In which language a page speaks: the person's own; before sign-in the browser's, of those that we have."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language_from_request


def language_of_reader(request, recipient: str) -> str:
    """For a page behind a link in a letter: what its reader has chosen here, else the language of its recipient."""
    chosen = request.user.is_authenticated or "language" in request.COOKIES
    return translation.get_language() if chosen else recipient


class LanguageMiddleware:
    """The language before anyone is known: what was chosen here, what the browser asks for, the company's own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get("language")
        if chosen not in dict(settings.LANGUAGES):
            chosen = get_language_from_request(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


class PersonLanguageMiddleware:
    """The language of the person who is signed in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        person = getattr(request, "user", None)
        if person is not None and person.is_authenticated:
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        return self.get_response(request)
