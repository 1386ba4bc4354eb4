"""Specimens of letters about accounts."""

from velory.post.specimens import specimen

LINK = "https://velory.example/account/preview/"


@specimen("people/invitation", inviter="inviter")
def an_invitation():
    """To somebody new."""
    return {"link": LINK, "days": 14, "inviter": "Nils Wikström"}


@specimen("people/first_admin")
def the_first_admin():
    """Of a company that was just opened."""
    return {"link": LINK, "days": 14, "inviter": ""}


@specimen("people/password_reset")
def a_new_password():
    """Of somebody who has forgotten theirs."""
    return {"link": LINK, "minutes": 60}


@specimen("people/sign_in_code")
def a_code():
    """The dots are what everybody but the recipient sees."""
    return {"code": "••••••", "minutes": 10}


@specimen("people/factors_changed")
def a_new_app():
    """The most common of them."""
    return {"what": "set_up_app", "link": LINK}
