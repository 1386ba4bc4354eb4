"""What the demo bar shows."""

from zoneinfo import ZoneInfo

from django import template
from django.conf import settings

from velory import clock
from velory.demo import mail_folder, walking
from velory.tenancy.context import current_company, inside_a_company

register = template.Library()


@register.simple_tag
def demo_clock():
    """The local moment in the demo, where it is going, and how many mails there are."""
    zone = ZoneInfo(current_company().time_zone if inside_a_company() else "Europe/Stockholm")
    target = walking.target_of_the_push()
    return {
        "now": clock.now().astimezone(zone),
        "target": target.astimezone(zone) if target else None,
        "mails": mail_folder.count(),
        "mail_address": f"http://mail.{settings.BASE_DOMAIN}:{settings.ENV.velory_port}/",
    }
