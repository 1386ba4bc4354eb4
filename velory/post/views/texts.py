"""The company's own words in letters, for admins: which kinds have some, and the page of one kind."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from velory import clock
from velory.journal.deeds import record, write
from velory.journal.models import Entry
from velory.people.doors import for_admins
from velory.post.forms import OwnWordsForm
from velory.post.letters import kinds_here
from velory.post.models import OwnWords
from velory.post.specimens import facts_of, specimen_letter, specimen_of, variables_of
from velory.post.views.reading import LETTER_CSP, in_a_frame, tabs
from velory.post.wording import opening_is_replaced
from velory.post.wording import render as in_words
from velory.ui.steps import see_other

LANGUAGES = (("en", "English"), ("sv", "Svenska"))
PARTS = ("subject", "opening", "closing")


@require_safe
@for_admins
def texts(request):
    """Every kind of letter, with whose words it has."""
    own: dict[str, list[OwnWords]] = {}
    for row in OwnWords.objects.said().order_by("language"):
        own.setdefault(row.template, []).append(row)
    words = request.GET.get("q", "").strip().lower()[:100]
    shown = [(kind, own.get(kind.template, [])) for kind in _kinds() if words in kind.name.lower()]
    if only := request.GET.get("own", ""):
        shown = [(kind, rows) for kind, rows in shown if _is_asked_for(rows, only)]
    page = {"kinds": shown, "q": words, "only": only, "views": tabs("texts")}
    return render(request, "post/texts.html", page)


def _kinds():
    """Kinds that have a specimen: what can't be shown can't be judged."""
    return sorted((kind for kind in kinds_here() if specimen_of(kind.template)), key=lambda kind: kind.name.lower())


def _is_asked_for(rows, only):
    return any(row.failed_at for row in rows) if only == "failed" else bool(rows)


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def text(request, app, name):
    """Both languages of one kind, with how the letter would read; POST saves them, or shows what was typed."""
    kind = _kind(app, name)
    rows = [_row(kind.template, language) for language, _words in LANGUAGES]
    looks = "look" in request.POST
    forms = [_form(row, request.POST or None) for row in rows]
    are_good = [form.is_valid() for form in forms]
    if not looks and all(are_good):
        _save(forms, request.user)
        messages.success(request, _("The words are saved. Letters that have not gone yet have them too."))
        return see_other(request.path)
    page = {
        "kind": kind, "address": request.path, "views": tabs("texts"), "history": _history(rows),
        "variables": sorted(variables_of(kind.template)), "replaces": opening_is_replaced(kind.template),
        "languages": [_shown(form, words) for form, (_code, words) in zip(forms, LANGUAGES, strict=True)],
        "has_own": any(row.says_anything for row in rows),
    }  # fmt: skip
    return render(request, "post/text.html", page, status=422 if request.method == "POST" and not looks else 200)


def _kind(app, name):
    found = [kind for kind in kinds_here() if kind.template == f"{app}/{name}" and specimen_of(kind.template)]
    if not found:
        raise Http404
    return found[0]


def _row(template, language):
    return OwnWords.objects.of(template, language).first() or OwnWords(template=template, language=language)


def _form(row, data):
    return OwnWordsForm(data, instance=row, prefix=row.language, known=variables_of(row.template))


def _shown(form, words):
    """One language: its form, what the letter says by itself, and how it would read with what was typed."""
    row = form.instance
    own = form.as_far_as_it_goes() if form.is_bound else row
    query = urlencode({part: getattr(own, part) for part in PARTS if getattr(own, part)})
    frame = reverse("post:text_html", args=[*row.template.split("/"), row.language])
    return {
        "code": row.language, "words": words, "form": form, "row": row, "is_own": row.says_anything,
        "letter": _letter(row.template, row.language, own), "frame_address": f"{frame}?{query}",
    }  # fmt: skip


def _letter(template, language, own):
    letter = specimen_letter(template, language, at=clock.now())
    return in_words(letter, for_show=True, facts=facts_of(template, language), own=own)


def _save(forms, admin):
    at = clock.now()
    with transaction.atomic():
        for form in forms:
            if form.has_changed():
                form.instance.failed_at, form.instance.fault = None, ""
                if form.instance.pk is None:
                    form.instance = _made(form)
                record(form, "change", by=admin, at=at)


def _made(form):
    """The row that a first change needs, empty, so that the journal tells the change."""
    typed = form.instance
    row, _new = OwnWords.objects.get_or_create(template=typed.template, language=typed.language)
    for part in PARTS:
        setattr(row, part, getattr(typed, part))
    return row


@require_safe
@xframe_options_sameorigin
@csp_override(LETTER_CSP)
@for_admins
def text_html(request, app, name, language):
    """How the letter would read with the words in the address, judged as if they were saved."""
    kind = _kind(app, name)
    if language not in dict(LANGUAGES):
        raise Http404
    typed = {part: request.GET.get(part, "") for part in PARTS}
    form = OwnWordsForm(typed, instance=OwnWords(template=kind.template, language=language),
                        known=variables_of(kind.template))  # fmt: skip
    return in_a_frame(tuple(_letter(kind.template, language, form.as_far_as_it_goes())))


@require_POST
@for_admins
def reset_text(request, app, name):
    """Velory's own words again, in both languages; the journal keeps what they were."""
    kind, at = _kind(app, name), clock.now()
    with transaction.atomic():
        for row in OwnWords.objects.filter(template=kind.template).select_for_update().order_by("pk"):
            if row.says_anything:
                changes = {part: [getattr(row, part), ""] for part in PARTS if getattr(row, part)}
                row.subject = row.opening = row.closing = row.fault = ""
                row.failed_at = None
                row.save()
                write(row, "reset", by=request.user, at=at, details={"changes": changes})
    messages.success(request, _("The letter has Velory's own words again."))
    return redirect("post:text", app, name)


def _history(rows):
    """Who changed the words and when, the latest first."""
    pks = [row.pk for row in rows if row.pk]
    return list(Entry.objects.about_each(OwnWords, pks).newest_first()[:20]) if pks else []
