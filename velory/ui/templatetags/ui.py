"""The components, each with its declared props: an unknown one is a TemplateSyntaxError. `/ui/` shows them all."""

from functools import cache

from django import template
from django.forms import CheckboxSelectMultiple
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language, override

from velory.ui import dates, statuses
from velory.ui.money import money as in_money

register = template.Library()

ARTS = {
    "phone": "phone", "phones": "phone",
    "laptop": "laptop", "computer": "laptop", "computers": "laptop",
    "tablet": "tablet", "tablets": "tablet",
    "screen": "screen", "screens": "screen",
    "accessory": "accessory", "accessories": "accessory", "headset": "headset",
    "keyboard": "keyboard", "dock": "dock",
}  # fmt: skip

# Dates, moments, money

for words in (
    dates.day_long, dates.day_short, dates.day_full, dates.moment, dates.moment_in_zone, dates.deadline, dates.hour,
):  # fmt: skip
    register.filter(words.__name__, words)


@register.simple_tag
def in_days(day, today, overdue=False):
    """in 22 days · today · 37 days ago (overdue=True: 37 days overdue)."""
    return dates.in_days(day, today, overdue)


@register.simple_tag
def money(amount, currency):
    """1,667.25 SEK · 1 667,25 kr."""
    return in_money(amount, currency)


# Marks


@register.simple_tag
def icon(name, classes=""):
    """A Lucide icon from the sprite; takes its colour and size from the text around it. Words stand beside it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f" {classes}" if classes else "", _sprite(), name,
    )  # fmt: skip


@register.simple_tag
def art(category, classes=""):
    """A drawn device, by the code of its category, until a photo is known. Stands in a span.art."""
    drawing = ARTS.get(str(category).lower(), "accessory")
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static("build/img/art.svg"), drawing
    )


@register.simple_tag
def pill(status, language=""):
    """A device status, and nothing else. `language` only where a page shows more than one."""
    return _pill(str(status), language or get_language())


@register.simple_tag
def status_of(thing):
    """The status of any thing: a pill for a device, the word for the rest."""
    if str(thing.status) in statuses.LOOKS:
        return pill(thing.status)
    return format_html('<strong class="font-semibold">{}</strong>', thing.get_status_display())


@cache
def _pill(status, language):
    look = statuses.look_of(status)
    with override(language):
        label = statuses.label_of(status)
    return format_html('<span class="badge pill {}">{}{}</span>', look.classes, icon(look.icon), label)


@cache
def _sprite():
    return static("build/icons.svg")


# Surfaces and sentences


@register.simple_block_tag
def panel(content, title="", id="", note="", classes="", flush=False, level=2):  # noqa: A002
    """A surface with a heading. flush=True: the content reaches the edges (tables, lists). Never inside another."""
    return _component("panel", content=content, title=title, id=id or _slug(title), note=note, classes=classes,
                      flush=flush, level=level)  # fmt: skip


@register.simple_block_tag
def note(content, kind="", icon="", role="note"):
    """A fact; kind="warning": a loss that follows from not reading it."""
    marks = {"": "info", "warning": "triangle-alert", "good": "circle-check", "error": "circle-alert"}
    return _component("note", content=content, kind=kind, icon=icon or marks[kind], role=role)


@register.simple_block_tag
def ask(content, title, icon="calendar-clock", id="ask", action="", address=""):  # noqa: A002
    """The one thing that needs the reader. Never two on a page. Without `action` the content brings its own button."""
    return _component("ask", content=content, title=title, icon=icon, id=id, action=action, address=address)


@register.simple_block_tag
def nothing(content, title, icon="search", action="", address="", level=2):
    """An empty list: nothing yet, nothing found, all done. Says what will stand here, offers the next search."""
    return _component("nothing", content=content, title=title, icon=icon, action=action, address=address, level=level)


@register.simple_block_tag
def progress(content, title, said, done=0, total=0):
    """How far something in the background is; the content says that one may leave. No `total`: nobody knows."""
    return _component("progress", content=content, title=title, said=said, done=done, total=total)


@register.simple_block_tag
def facts(content, classes="grid-cols-2 lg:grid-cols-3"):
    """The facts of one thing; its lines are {% fact %}."""
    return format_html('<dl class="facts {}">{}</dl>', classes, content)


@register.simple_block_tag
def fact(content, label, classes=""):
    """One line of {% facts %}; a dash where nothing is known."""
    return format_html(
        '<div class="{}"><dt>{}</dt><dd>{}</dd></div>',
        classes,
        label,
        mark_safe(content.strip() or "–"),
    )


@register.simple_tag
def timeline(stages, label=""):
    """Past, present, future. Each stage: `state` ("past", "now", "future"), `title`, `when`, `note`."""
    return _component("timeline", stages=stages, label=label)


@register.simple_tag
def stacked_chart(chart):
    """Stacked bars (`velory.ui.charts.Chart`). Never without the table of the same figures beside it."""
    return _component("stacked_chart", chart=chart)


# Where one is and may go


@register.simple_tag
def breadcrumbs(*trail):
    """Pairs of label and address, then the label of this page."""
    links = list(zip(trail[:-1:2], trail[1:-1:2], strict=True))
    return _component("breadcrumbs", links=links, here=trail[-1])


@register.simple_tag
def views(links, label):
    """Saved views, tabs, categories. Each link: `label`, `address`, `current`, and `count` where it has one."""
    return _component("views", links=links, label=label)


@register.simple_tag
def pages(table, target="#list"):
    """Previous and next, with the rows that stand here."""
    return _component("pages", table=table, target=target)


@register.simple_block_tag
def counted(content, table):
    """The head of a list: how many there are, as its content says, and which of them stand here."""
    return _component("counted", content=content, table=table)


@register.simple_tag
def sort_header(table, key, label, classes="", target="#list"):
    """A column's head that sorts. `aria-sort` stands on the sorted column only."""
    return _component("sort_header", column=table.column(key), label=label, classes=classes, target=target)


@register.simple_tag
def filter_menu(table, key, label, options):
    """A filter with its choices, (value, words) each; several may be ticked."""
    chosen = table.chosen(key)
    ticked = [(value, words, str(value) in chosen) for value, words in options]
    return _component("filter_menu", key=key, label=label, options=ticked, names=[w for _v, w, on in ticked if on])


@register.simple_block_tag
def list_search(content, table, label, hint):
    """The search of a list, with its filters as content; it fetches `#list`, and the whole page without a script."""
    return _component("list_search", content=content, table=table, label=label, hint=hint)


# Things one can do


@register.simple_tag(takes_context=True)
def step_button(context, thing, offer, kind="quiet", size="", label="", dialog=""):
    """A step as a button, or greyed with its reason beside it. A step that asks something leads to its page.

    `offer` is what `thing.offers(person, at=…)` gives. kind: primary, quiet, ghost.
    """
    made = getattr(offer, "step", None)
    return _component(
        "step_button",
        offer=offer,
        label=label or offer.label,
        reason=offer.reason,
        address=address_of(thing, offer),
        asks=bool(getattr(made, "asks", ()) or getattr(made, "danger", False)),
        danger=getattr(made, "danger", False),
        version=getattr(thing, "version", None),
        kind=kind,
        size=size,
        dialog=dialog,
        csrf_token=context.get("csrf_token"),
        key=f"why-{getattr(thing, 'ref', '')}-{offer.name}",
    )


def address_of(thing, offer):
    """The offer's own address, else the thing's with the step's name behind it."""
    return getattr(offer, "address", "") or f"{thing.get_absolute_url()}{offer.name}/"


@register.simple_block_tag(takes_context=True)
def dialog(context, content, id, title, address, action, thing=None, danger=False):  # noqa: A002
    """A question that names its effects, for what can be undone. Opened by a link with data-dialog="<id>"."""
    return _component("dialog", content=content, id=id, title=title, address=address, action=action,
                      version=getattr(thing, "version", None), danger=danger,
                      csrf_token=context.get("csrf_token"))  # fmt: skip


# Forms


@register.simple_tag
def field(bound, help="", classes="", code=False, placeholder=""):  # noqa: A002
    """Label, help, control, error, wired for readers. code=True: serial numbers and the like."""
    widget = bound.field.widget
    own = "" if isinstance(widget, CheckboxSelectMultiple) else getattr(widget, "input_type", "")
    kind = own or type(widget).__name__.lower()
    help = " ".join(filter(None, [str(help or bound.help_text), getattr(bound.field, "usual", "")]))  # noqa: A001
    return _component("field", bound=bound, kind=kind, help=help, classes=classes,
                      control=_control(bound, kind, help, code, placeholder))  # fmt: skip


@register.simple_tag
def form_errors(form):
    """What is wrong with a form as a whole, above its fields."""
    return _component("form_errors", errors=form.non_field_errors())


CONTROLS = {
    "select": "select w-full", "textarea": "textarea w-full", "file": "file-input w-full",
    "checkbox": "checkbox checkbox-primary checkbox-sm", "radio": "", "hidden": "",
}  # fmt: skip


def _control(bound, kind, help, code, placeholder):  # noqa: A002
    family = CONTROLS.get(kind, "input w-full")
    classes = [family, "code" if code else ""]
    if bound.errors and family:
        classes.append(f"{family.split()[0]}-error")
    described = [f"{bound.auto_id}_error"] if bound.errors else []
    if help or bound.help_text:
        described.append(f"{bound.auto_id}_help")
    attrs = {"class": " ".join(filter(None, [*classes, bound.field.widget.attrs.get("class", "")]))}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if placeholder:
        attrs["placeholder"] = placeholder
    if code:
        attrs |= {"autocomplete": "off", "spellcheck": "false"}
    return bound.as_widget(attrs=attrs)


# Flash


@register.filter
def flash_look(message):
    """Class and icon of a flash message, by its level."""
    return {"warning": ("note-warning", "triangle-alert"), "error": ("note-error", "circle-alert")}.get(
        message.level_tag, ("note-good", "circle-check")
    )


def _component(component, **props):
    return mark_safe(render_to_string(f"components/{component}.html", props))


def _slug(title):
    return slugify(title) or "panel"
