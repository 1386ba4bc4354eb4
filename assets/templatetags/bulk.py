"""What the bar under the hardware table offers."""

from django import template

from assets.bulk.shown import choices

register = template.Library()


@register.simple_tag
def bulk_choices(table):
    """The actions in groups; where the whole list stands on the page, of the steps those that one of them has open."""
    whole = table.count == len(table.rows)
    return choices({device.status for device in table.rows} if whole else None)
