"""Oneself: what is known of one, and how one signs in."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters

from velory import clock
from velory.people.federated.doors import where_passwords_are
from velory.people.federated.ways import has_passwords
from velory.people.forms.person import OwnForm
from velory.people.forms.sign_in import ChangePasswordForm
from velory.people.journal import note_change
from velory.people.models import Person
from velory.people.panels import own_panels_of
from velory.ui.steps import see_other, sent


def you(request):
    """One's own page."""
    person = Person.objects.for_the_list().select_related("approver").get(pk=request.user.pk)
    form = OwnForm(sent(request), instance=Person.objects.get(pk=request.user.pk))
    if form.is_valid():
        person.change(by=person, at=clock.now(), **form.facts)
        with override(person.language):
            messages.success(request, _("Your details have changed."))
        return see_other(reverse("people:you"))
    page = {"person": person, "form": form, "panels": own_panels_of(request), "has_passwords": has_passwords()}
    return render(request, "people/you.html", page, status=422 if form.is_bound else 200)


@where_passwords_are
@sensitive_post_parameters("password", "password1")
def password(request):
    """A new password: every other session ends, this one goes on under a new id."""
    form = ChangePasswordForm(sent(request), user=request.user, request=request)
    if form.is_valid():
        with transaction.atomic():
            request.user.take_hold()
            form.save()
            note_change(request.user, "changed_password", by=request.user, at=clock.now())
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your new password works from now on. Other devices have been signed out."))
        return see_other(reverse("people:you"))
    return render(request, "people/password.html", {"form": form}, status=422 if form.is_bound else 200)
