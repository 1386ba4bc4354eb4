"""What the demo bar shows."""

from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.formats import date_format

from velory import clock
from velory.demo import mail_folder, walking
from velory.demo.payments import CARD, KEY
from velory.tenancy.context import current_company, inside_a_company

register = template.Library()


@register.simple_tag
def demo_clock():
    """The local moment in the demo, where it is going, and how many mails there are."""
    zone = ZoneInfo(current_company().time_zone if inside_a_company() else "Europe/Stockholm")
    target = walking.target_of_the_push()
    return {
        "now": date_format(clock.now().astimezone(zone), "l j F Y, H:i"),
        "day": date_format(clock.now().astimezone(zone), "j F Y, H:i"),
        "target": date_format(target.astimezone(zone), "j F Y, H:i") if target else "",
        "mails": mail_folder.count(),
        "mail_address": f"http://mail.{settings.BASE_DOMAIN}:{settings.ENV.velory_port}/",
        "card": CARD if settings.STRIPE_SECRET_KEY == KEY else "",
        "pay_address": f"{settings.STRIPE_CHECKOUT_ORIGIN}/_standin/",
    }
