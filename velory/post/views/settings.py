"""How the company writes, for admins: whether and when, under which name and logo, and to which addresses no more."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.journal.deeds import record, write
from velory.people.doors import for_admins
from velory.people.models import Person
from velory.post import identity
from velory.post.forms import IdentityForm, MailSettingsForm
from velory.post.models import MailSettings
from velory.post.refused import accept, refused_addresses
from velory.post.said import in_words as in_words_of
from velory.post.specimens import facts_of, specimen_letter
from velory.post.views.reading import LETTER_CSP, in_a_frame, tabs
from velory.post.wording import render as in_words
from velory.ui.pictures import NoPicture
from velory.ui.tables import Table

SHOWN_AS = "people/invitation"  # the letter in which name and logo are previewed


@for_admins
def mail_settings(request):
    """Whether employees get mail, and when the admins hear what waits."""
    form = MailSettingsForm(request.POST or None, instance=MailSettings.here())
    if form.is_valid():
        MailSettings.to_change()
        record(form, "change", by=request.user, at=clock.now())
        messages.success(request, _("The mail settings are saved."))
        return redirect("post:settings")
    page = {"form": form, "admins": Person.objects.admins_to_write_to(clock.today()), "views": tabs("settings")}
    return render(request, "post/mail_settings.html", page, status=422 if form.is_bound else 200)


@for_admins
def name_and_logo(request):
    """How the company is named and shown in its letters."""
    form = IdentityForm(request.POST or None, request.FILES or None, instance=MailSettings.here())
    if form.is_valid() and _save(form, request.user):
        messages.success(request, _("Name and logo are saved. Letters that have not gone yet show them too."))
        return redirect("post:identity")
    page = {"form": form, "logo": identity.logo_stamp(), "views": tabs("identity")}
    return render(request, "post/identity.html", page, status=422 if form.is_bound else 200)


def _save(form, admin) -> bool:
    """Both, or neither where the picture is none."""
    at, picture = clock.now(), form.cleaned_data.pop("logo", None)
    form.changed_data = [name for name in form.changed_data if name != "logo"]
    try:
        png = identity.drawn(picture.read()) if picture else b""
    except NoPicture as none:
        form.add_error("logo", str(none))
        return False
    with transaction.atomic():
        row = MailSettings.to_change()
        record(form, "change", by=admin, at=at)
        if png:
            write(row, "logo", by=admin, at=at)
            identity.keep_logo(png)
    return True


@require_POST
@for_admins
def reset_identity(request):
    """The company's own name, its initial in the place of a logo, and no contact line."""
    at, empty = clock.now(), dict.fromkeys(IdentityForm.Meta.fields, "")
    with transaction.atomic():
        form = IdentityForm(empty, instance=MailSettings.to_change())
        form.is_valid()
        form.cleaned_data.pop("logo", None)
        record(form, "reset_identity", by=request.user, at=at)
        if identity.logo_stamp():
            write(form.instance, "no_logo", by=request.user, at=at)
    identity.forget_logo()
    messages.success(request, _("Name and logo are as they were at first."))
    return redirect("post:identity")


@require_safe
@xframe_options_sameorigin
@csp_override(LETTER_CSP)
@for_admins
def identity_html(request):
    """An invitation with the present name and logo."""
    letter = specimen_letter(SHOWN_AS, request.user.language, at=clock.now())
    return in_a_frame(tuple(in_words(letter, for_show=True, facts=facts_of(SHOWN_AS, letter.language))))


@require_safe
def company_logo(request, stamp):
    """The logo in the frame of the company's pages; its address changes with it, so that browsers may keep it."""
    content = identity.logo()
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="image/png")
    answer.headers["Cache-Control"] = "private, max-age=604800, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_safe
@for_admins
def refused(request):
    """The addresses that refuse mail, and what to do about each."""
    table = Table(request, sorts={"since": "since", "address": "address"}, default="-since")
    table.show(refused_addresses(table.q))
    for row in table.rows:
        row.means = in_words_of(row.said or "")
    return render(request, "post/refused.html", {"table": table, "views": tabs("refused")})


@require_POST
@for_admins
def accept_address(request):
    """Write to an address again that had refused mail."""
    address = request.POST.get("address", "").replace("\0", "")[:254]
    accept(address, by=request.user, at=clock.now())
    messages.success(request, _("Velory writes to %(address)s again.") % {"address": address})
    return redirect("post:refused")
