"""What letters are made of: the pieces of the mock-up, with the inline styles that mail clients need.

`{% load letters %}`, then in the part `html`: `{% mail_heading %}…{% end_mail_heading %}`, `{% mail_paragraph %}…`,
`{% mail_button url words %}`, `{% mail_facts %}{% mail_fact label %}…`, `{% mail_subheading %}…`,
`{% mail_warning %}…`, `{% mail_code %}…`, and `{% mail_address url %}` for those whose button does not work.
In both parts `{% opening %}…{% end_opening %}` marks words that a company's own may replace. A letter whose first words
say what stands nowhere else has no such mark: there a company's own words stand before them.
"""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()

ROW = '<tr><td class="pad" style="padding:{}px 40px 0;">{}</td></tr>'
INK = "color:#1d272c;"
SOFT = "color:#566167;"
EDGE = mark_safe('<tr><td style="padding:11px 0 0;" colspan="2"></td></tr>')


def row(above, inner):
    """One row of the letter's table."""
    return format_html(mark_safe(ROW), above, inner)


def paragraphs_of(words, above=10):
    """Some words, already safe, as rows: an empty line begins a new paragraph."""
    style = mark_safe(f"{INK}font-size:16px;line-height:25px;")
    found = [paragraph.strip("\n") for paragraph in re.split(r"\n[ \t]*\n", words) if paragraph.strip()]
    rows = [
        row(12 if number else above, format_html('<p class="ink" style="margin:0;{}">{}</p>', style, lines(paragraph)))
        for number, paragraph in enumerate(found)
    ]
    return mark_safe("".join(rows))


def lines(words):
    """Some words, already safe, with their line breaks."""
    return mark_safe(words.replace("\n", "<br>"))


@register.simple_block_tag(takes_context=True, end_name="end_opening")
def opening(context, content):
    """What the letter says first: the company's own words in its place, where it has some."""
    own = getattr(context.get("own"), "opening", None)
    if own is None:
        return content
    return paragraphs_of(own.html) if context.autoescape else own.text


@register.simple_block_tag(takes_context=True, end_name="end_mail_heading")
def mail_heading(context, content):
    """The one heading, with the greeting under it, and what a company says before all else."""
    heading = row(
        36,
        format_html(
            '<h1 class="ink" style="margin:0;color:#1d272c;font-size:26px;line-height:32px;font-weight:600;'
            'letter-spacing:-0.3px;">{}</h1><p class="ink" style="margin:16px 0 0;color:#1d272c;font-size:16px;'
            'line-height:25px;">{}</p>',
            content,
            context["greeting"],
        ),
    )
    own = context.get("own")
    return heading + paragraphs_of(own.opening.html) if own and own.stands_first else heading


@register.simple_block_tag(end_name="end_mail_subheading")
def mail_subheading(content):
    """A heading within the letter."""
    return row(
        26,
        format_html(
            '<h2 class="ink" style="margin:0;color:#1d272c;font-size:17px;line-height:24px;font-weight:600;">{}</h2>',
            content,
        ),
    )


@register.simple_block_tag(end_name="end_mail_paragraph")
def mail_paragraph(content, soft=False, above=10):
    """A paragraph; `soft` for what may be passed over."""
    style = f"{SOFT}font-size:14px;line-height:21px;" if soft else f"{INK}font-size:16px;line-height:25px;"
    return row(
        above,
        format_html('<p class="{}" style="margin:0;{}">{}</p>', "soft" if soft else "ink", mark_safe(style), content),
    )


@register.simple_tag
def mail_button(address, words, above=26, quiet=False):
    """The one clear action; a letter about several things has a quiet one for each of the others."""
    return row(
        above,
        format_html(
            '<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%"><tr><td>'
            '<table role="presentation" cellpadding="0" cellspacing="0" border="0" class="btn-wrap"><tr>'
            '<td class="{0}" align="center" bgcolor="{1}" style="background-color:{1};border-radius:8px;">'
            '<a href="{4}" style="display:inline-block;padding:{5};border:1px solid #05545c;border-radius:8px;'
            'color:{2};font-size:{3}px;line-height:20px;font-weight:600;text-decoration:none;">{6}</a>'
            "</td></tr></table></td></tr></table>",
            "btn-ghost" if quiet else "btn",
            "#ffffff" if quiet else "#05545c",
            "#05545c" if quiet else "#ffffff",
            15 if quiet else 16,
            address,
            "9px 18px" if quiet else "13px 24px",
            words,
        ),
    )


@register.simple_tag(takes_context=True)
def mail_address(context, address, shared=False):
    """The button's address in words, for those whose button does not work; of a shared one the letter says who may."""
    words = context["words"]
    return row(
        28,
        format_html(
            '<p class="soft" style="margin:0;color:#566167;font-size:14px;line-height:21px;">{}<br>'
            '<a class="link" href="{}" style="color:#05545c;word-break:break-all;">{}</a><br>{}</p>',
            words["no_button"],
            address,
            address,
            "" if shared else words["your_own"],
        ),
    )


@register.simple_block_tag(end_name="end_mail_facts")
def mail_facts(content, above=30):
    """Labels with their facts, in a well."""
    return row(
        above,
        format_html(
            '<table role="presentation" class="well" width="100%" cellpadding="0" cellspacing="0" border="0" '
            'style="background-color:#f5f8f8;border:1px solid #e2e7e8;border-radius:8px;font-size:14px;'
            'line-height:21px;">{}{}{}</table>',
            EDGE,
            content,
            EDGE,
        ),
    )


@register.simple_block_tag(end_name="end_mail_fact")
def mail_fact(content, label):
    """One label with its fact; a long address breaks before it makes the letter wider than a phone."""
    return format_html(
        '<tr><td class="soft" valign="top" style="padding:3px 18px;color:#566167;">{}</td>'
        '<td class="ink" align="right" valign="top" style="padding:3px 18px;color:#1d272c;overflow-wrap:anywhere;'
        'word-break:break-word;">{}</td></tr>',
        label,
        content,
    )


@register.simple_block_tag(end_name="end_mail_warning")
def mail_warning(content, above=16):
    """A loss that follows from not reading."""
    return row(
        above,
        format_html(
            '<table role="presentation" class="warn" width="100%" cellpadding="0" cellspacing="0" border="0" '
            'style="background-color:#fdf4e9;border:1px solid #edc998;border-radius:8px;"><tr>'
            '<td class="ink" style="padding:12px 18px;color:#1d272c;font-size:15px;line-height:23px;">{}</td>'
            "</tr></table>",
            content,
        ),
    )


@register.simple_block_tag(end_name="end_mail_code")
def mail_code(content, above=26):
    """A code to type in."""
    return row(
        above,
        format_html(
            '<table role="presentation" class="well" cellpadding="0" cellspacing="0" border="0" '
            'style="background-color:#f5f8f8;border:1px solid #e2e7e8;border-radius:8px;"><tr>'
            '<td class="ink" style="padding:14px 24px;color:#1d272c;font-family:Menlo,Consolas,monospace;'
            'font-size:28px;line-height:34px;font-weight:600;letter-spacing:4px;">{}</td></tr></table>',
            content,
        ),
    )
