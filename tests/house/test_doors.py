"""Who gets in where: every address of the product, for nobody, an employee, an admin and another company's admin.

An address that stands in no line of DOORS fails; so does a line without an address. Whatever belongs to another
company or to nobody gets the same answer to the byte.
"""

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import override_settings
from django.urls import URLPattern, get_resolver, reverse

from assets.importing.models import Import
from assets.models import Contract, SavedView
from renewals.models import Reminder, Return
from repairs.loans import lend
from repairs.models import TradeIn
from tests.assets.bulk.making import a_bulk_change
from tests.assets.offboarding.making import a_leaver
from tests.conftest import Browser
from tests.making import (
    a_device,
    a_lessor,
    a_location,
    a_person,
    a_space,
    a_team,
    an_admin,
    an_external_device,
    an_external_distributor,
)
from tests.orders.making import a_budget, a_catalogue_import, a_picture, a_product, a_rule
from tests.orders.reporting import a_sent_order, hears, said
from tests.orders.wishing import a_request, an_order
from tests.renewals.making import an_external_device_in_its_window
from tests.renewals.returning import PDF
from tests.repairs.making import a_device_in_repair, a_photo_of, a_reported_device, the_case_of
from velory import clock
from velory.archive.models import Archive
from velory.payments.models import Attempt, Card, Money, Payee
from velory.people import invitations
from velory.people.again import SAID_AT
from velory.people.federated.models import IdentityProvider
from velory.people.models import Person
from velory.post.models import Letter
from velory.support.models import SupportAccess
from velory.tenancy.context import inside

ONLY_IN_THE_DEMO = "demo:"
MADE_AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # as every test's clock has it


@dataclass(frozen=True)
class Door:
    """What GET and an empty POST are answered, in each part. `of` names what stands in the address (see `a_world`).

    Where `of` names a thing, `colleague` is what an employee is told about a colleague's; nobody signed in is sent to
    the sign-in page, unless `nobody` says what an open page answers.
    """

    admin: tuple
    name: str = ""
    employee: tuple = (403, 403)
    of: tuple = ()
    colleague: tuple | None = None
    nobody: tuple | None = None


ASKS, LOOKS, DOES = (200, 422), (200, 405), (405, 303)  # a form; a page; a deed with a button elsewhere
LATER = (405, 302)
NOT_THEIRS = (404, 404)

DOORS = {
    # Signing in
    "account_login": Door(nobody=(200, 200), employee=(302, 302), admin=(302, 302)),
    "account_logout": Door(nobody=(302, 302), employee=(200, 302), admin=(200, 302)),
    "account_inactive": Door(nobody=(200, 405), employee=(200, 405), admin=(200, 405)),
    "account_request_login_code": Door(nobody=(200, 200), employee=(302, 302), admin=(302, 302)),
    "account_confirm_login_code": Door(nobody=(302, 302), employee=(302, 302), admin=(302, 302)),
    "mfa_authenticate": Door(nobody=(302, 302), employee=(302, 302), admin=(302, 302)),
    "account_second_options": Door(nobody=(302, 302), employee=(302, 302), admin=(302, 302)),
    "account_passkey": Door(nobody=LATER, employee=LATER, admin=LATER),
    "account_passkey_options": Door(nobody=(405, 200), employee=(405, 200), admin=(405, 200)),
    "account_reset_password": Door(nobody=(200, 200), employee=(200, 200), admin=(200, 200)),
    "account_reset_password_done": Door(nobody=(200, 405), employee=(200, 405), admin=(200, 405)),
    "account_reset_password_from_key": Door(of=("=X", "=y"), nobody=(200, 200), employee=(200, 200), admin=(200, 200)),
    "account_reset_password_from_key_done": Door(nobody=(200, 405), employee=(200, 405), admin=(200, 405)),
    "federated:go": Door(of=("identity provider",), nobody=(303, 405), employee=(303, 405), admin=(303, 405)),
    "federated:back": Door(of=("identity provider",), nobody=(303, 405), employee=(303, 405), admin=(303, 405)),
    "federated:who": Door(of=("identity provider",), nobody=(303, 303), employee=(303, 303), admin=(303, 303)),
    "federated:code": Door(of=("identity provider",), nobody=(303, 303), employee=(303, 303), admin=(303, 303)),
    "people:accept": Door(of=("=token",), nobody=(410, 410), employee=(410, 410), admin=(410, 410)),
    # Anybody's
    "people:language": Door(nobody=DOES, employee=DOES, admin=DOES),
    "ui:theme": Door(nobody=DOES, employee=DOES, admin=DOES),
    "ui:gallery": Door(
        nobody=(404, 405), employee=(404, 405), admin=(404, 405)
    ),  # the demo's alone, and all beneath it
    "ui:gallery_piece": Door(of=("=conflict",), nobody=(404, 405), employee=(404, 405), admin=(404, 405)),
    "ui:gallery_states": Door(nobody=(404, 405), employee=(404, 405), admin=(404, 405)),
    "ui:gallery_letters": Door(nobody=(404, 405), employee=(404, 405), admin=(404, 405)),
    "ui:gallery_letter": Door(
        of=("=people", "=invitation", "=en"), nobody=(404, 405), employee=(404, 405), admin=(404, 405)
    ),
    "ui:gallery_letter_html": Door(
        of=("=people", "=invitation", "=en"), nobody=(404, 405), employee=(404, 405), admin=(404, 405)
    ),
    "ui:gallery_icons": Door(nobody=(404, 405), employee=(404, 405), admin=(404, 405)),
    "ui:gallery_errors": Door(nobody=(404, 405), employee=(404, 405), admin=(404, 405)),
    "ui:gallery_error": Door(of=("=404",), nobody=(404, 405), employee=(404, 405), admin=(404, 405)),
    "help:handbook": Door(employee=LOOKS, admin=LOOKS),
    "help:contents": Door(of=("=admins",), employee=(404, 405), admin=LOOKS),
    "help:page": Door(of=("=admins", "=what-waits"), employee=(404, 405), admin=LOOKS),
    "help:partners": Door(nobody=LOOKS, employee=LOOKS, admin=LOOKS),
    "help:partners_page": Door(of=("=fulfil-an-order",), nobody=LOOKS, employee=LOOKS, admin=LOOKS),
    "post:link": Door(of=("=token",), nobody=(404, 404), employee=(404, 404), admin=(404, 404)),
    "post:link_deed": Door(of=("=token", "=start"), nobody=(404, 404), employee=(404, 404), admin=(404, 404)),
    "post:partner": Door(of=("=token",), nobody=(404, 404), employee=(404, 404), admin=(404, 404)),
    "post:partner_deed": Door(of=("=token", "=release"), nobody=(404, 404), employee=(404, 404), admin=(404, 404)),
    "search": Door(employee=LOOKS, admin=LOOKS),
    # One's own
    "people:you": Door(employee=ASKS, admin=ASKS),
    "people:password": Door(employee=ASKS, admin=ASKS),
    "people:again": Door(employee=ASKS, admin=ASKS),
    "people:again_options": Door(employee=(405, 200), admin=(405, 200)),
    "people:security": Door(employee=LOOKS, admin=LOOKS),
    "people:security_app": Door(employee=ASKS, admin=ASKS),
    "people:security_remove_app": Door(employee=(200, 303), admin=(200, 303)),  # there is none to remove
    "people:security_codes": Door(employee=LOOKS, admin=LOOKS),
    "people:security_new_codes": Door(employee=(405, 409), admin=(405, 409)),
    "people:security_codes_file": Door(employee=(303, 405), admin=(303, 405)),
    "people:security_codes_kept": Door(employee=DOES, admin=DOES),
    "people:security_passkey": Door(employee=ASKS, admin=ASKS),
    "people:security_passkey_options": Door(employee=(405, 200), admin=(405, 200)),
    "people:security_rename": Door(of=("=K-222222",), employee=NOT_THEIRS, admin=NOT_THEIRS),
    "people:security_remove": Door(of=("=K-222222",), employee=NOT_THEIRS, admin=NOT_THEIRS),
    "federated:link": Door(of=("identity provider",), employee=(303, 303), admin=(303, 303)),
    "federated:undo": Door(of=("identity provider",), employee=DOES, admin=DOES),
    "assets:home": Door(employee=LOOKS, admin=LOOKS),
    "assets:own_devices": Door(employee=LOOKS, admin=LOOKS),
    "assets:support": Door(employee=LOOKS, admin=LOOKS),
    "assets:device": Door(of=("device",), colleague=(404, 405), employee=LOOKS, admin=LOOKS),
    "assets:add_note": Door(of=("device",), colleague=(405, 404), employee=(405, 422), admin=(405, 422)),
    "assets:step": Door(of=("device", "=assign"), colleague=NOT_THEIRS, admin=ASKS),
    # People
    "people:people": Door(employee=(403, 405), admin=LOOKS),
    "export_people": Door(employee=(403, 405), admin=LOOKS),
    "people:add": Door(admin=ASKS),
    "people:person": Door(of=("person",), employee=(403, 405), admin=LOOKS),
    "people:edit": Door(of=("person",), admin=ASKS),
    "people:lost_factor": Door(of=("person",), admin=ASKS),
    "people:invite": Door(of=("person",), admin=DOES),
    "people:end_access": Door(of=("person",), admin=(200, 303)),
    "people:give_access": Door(of=("person",), admin=DOES),
    "offboarding:leavers": Door(employee=(403, 405), admin=LOOKS),
    "offboarding:import": Door(admin=ASKS),
    "offboarding:headings": Door(employee=(403, 405), admin=LOOKS),
    "offboarding:leaver": Door(of=("leaver",), employee=(403, 405), admin=LOOKS),
    "offboarding:day": Door(of=("leaver",), admin=(200, 303)),  # nothing filled in: they stay
    "offboarding:write": Door(of=("leaver",), employee=(405, 403), admin=DOES),
    "offboarding:plan": Door(of=("leaver", "left device"), admin=(200, 303)),
    "offboarding:hand_in": Door(of=("leaver", "left device"), employee=(405, 403), admin=DOES),
    "offboarding:own": Door(employee=(404, 405), admin=(404, 405)),  # neither leaves
    "offboarding:say": Door(of=("=D-222222",), employee=(405, 404), admin=(405, 404)),
    "people:locations": Door(admin=ASKS),
    "people:edit_locations": Door(of=("location",), admin=ASKS),
    "people:remove_locations": Door(of=("location",), admin=DOES),
    "people:teams": Door(admin=ASKS),
    "people:edit_teams": Door(of=("team",), admin=ASKS),
    "people:remove_teams": Door(of=("team",), admin=DOES),
    # Devices
    "assets:hardware": Door(employee=(403, 405), admin=LOOKS),
    "assets:export_hardware": Door(employee=(403, 405), admin=LOOKS),
    "assets:choose_columns": Door(employee=(405, 403), admin=DOES),
    "assets:saved_views": Door(admin=ASKS),
    "assets:edit_view": Door(of=("view",), admin=ASKS),
    "assets:update_view": Door(of=("view",), employee=(405, 403), admin=DOES),
    "assets:delete_view": Door(of=("view",), employee=(405, 403), admin=DOES),
    "assets:register": Door(admin=ASKS),
    "assets:partners": Door(employee=(403, 405), admin=LOOKS),
    "assets:add_partner": Door(admin=ASKS),
    "assets:edit_partner": Door(of=("partner",), admin=ASKS),
    "assets:spaces": Door(employee=(403, 405), admin=LOOKS),
    "assets:add_space": Door(admin=ASKS),
    "assets:edit_space": Door(admin=(404, 404)),
    "assets:log": Door(employee=(403, 405), admin=LOOKS),
    "assets:export_log": Door(employee=(403, 405), admin=LOOKS),
    "assets:settings": Door(admin=ASKS),
    "federated:settings": Door(employee=(403, 405), admin=LOOKS),
    "federated:passwords": Door(employee=(405, 403), admin=(405, 409)),
    "federated:add": Door(admin=ASKS),
    "federated:provider": Door(of=("identity provider",), admin=ASKS),
    "federated:try": Door(of=("identity provider",), employee=(405, 403), admin=DOES),
    "federated:turn": Door(of=("identity provider",), employee=(405, 403), admin=DOES),
    "federated:remove": Door(of=("identity provider",), admin=(200, 303)),
    "support:accesses": Door(admin=ASKS),
    "support:access": Door(of=("support access",), employee=(403, 405), admin=LOOKS),
    "support:allow": Door(of=("support access",), employee=(405, 403), admin=DOES),
    "support:refuse": Door(of=("support access",), employee=(405, 403), admin=DOES),
    "support:end": Door(of=("support access",), employee=(405, 403), admin=DOES),
    "support:enter": Door(of=("=token",), nobody=(404, 404), employee=(404, 404), admin=(404, 404)),
    "support:leave": Door(nobody=DOES, employee=DOES, admin=DOES),
    "erasing:erasing": Door(employee=(403, 405), admin=(404, 405)),  # nobody has asked for it
    "erasing:confirm": Door(employee=(405, 403), admin=(405, 404)),
    "erasing:call_off": Door(employee=(405, 403), admin=(405, 404)),
    "archive:archives": Door(admin=(200, 303)),
    "archive:download": Door(of=("archive",), employee=(403, 405), admin=LOOKS),
    "archive:delete": Door(of=("archive",), employee=(405, 403), admin=DOES),
    "bulk:changes": Door(admin=ASKS),
    "bulk:change": Door(of=("bulk change",), employee=(403, 405), admin=LOOKS),
    "bulk:apply": Door(of=("bulk change",), employee=(405, 403), admin=(405, 409)),
    "bulk:discard": Door(of=("bulk change",), employee=(405, 403), admin=DOES),
    "bulk:undo": Door(of=("bulk change",), employee=(405, 403), admin=(405, 409)),
    "importing:imports": Door(admin=ASKS),
    "importing:headings": Door(employee=(403, 405), admin=LOOKS),
    "importing:examples": Door(employee=(403, 405), admin=LOOKS),
    "assets:close_first_steps": Door(employee=(405, 403), admin=DOES),
    "importing:import": Door(of=("import",), employee=(403, 405), admin=(302, 405)),
    "importing:columns": Door(of=("import",), admin=ASKS),
    "importing:rows": Door(of=("import", "=refused"), employee=(403, 405), admin=LOOKS),
    "importing:apply": Door(of=("import",), employee=(405, 403), admin=(405, 409)),
    "importing:discard": Door(of=("import",), employee=(405, 403), admin=DOES),
    "importing:refused": Door(of=("import",), employee=(403, 405), admin=LOOKS),
    # Renewals and mail
    "renewals:due": Door(employee=(403, 405), admin=LOOKS),
    "renewals:awaiting_confirmation": Door(employee=(403, 405), admin=LOOKS),
    "renewals:awaiting_release": Door(employee=(403, 405), admin=LOOKS),
    "renewals:overdue": Door(employee=(403, 405), admin=LOOKS),
    "renewals:date_missing": Door(employee=(403, 405), admin=LOOKS),
    "renewals:calendar": Door(of=("=secret",), nobody=(404, 405), employee=(404, 405), admin=(404, 405)),
    "renewals:make_feed": Door(of=("=own",), employee=DOES, admin=DOES),
    "renewals:revoke_feed": Door(of=("=company",), employee=(405, 403), admin=DOES),
    "renewals:all": Door(employee=(403, 405), admin=LOOKS),
    "renewals:forecast": Door(employee=(403, 405), admin=LOOKS),
    "renewals:forecast_file": Door(employee=(403, 405), admin=LOOKS),
    # the doors' device is external: there is nothing to buy out, for whoever asks
    "renewals:start_buyout": Door(of=("device",), colleague=NOT_THEIRS, employee=NOT_THEIRS, admin=NOT_THEIRS),
    "renewals:turn_back": Door(of=("device",), colleague=(405, 404), employee=(405, 404), admin=(405, 404)),
    "renewals:returns": Door(employee=(403, 405), admin=LOOKS),
    "renewals:return_label": Door(of=("return",), colleague=(404, 405), employee=LOOKS, admin=LOOKS),
    "renewals:upload_label": Door(of=("return",), admin=ASKS),
    "renewals:remind_provider": Door(of=("return",), employee=(405, 403), admin=(405, 409)),
    "renewals:ask_back": Door(of=("return",), employee=(405, 403), admin=DOES),
    "renewals:choose": Door(of=("device",), colleague=(404, 405), employee=(302, 405), admin=(302, 405)),
    "renewals:change_planned": Door(of=("reminder", "=pause"), employee=(405, 403), admin=LATER),
    # Payments, as admins see them, and one's own confirmations
    "payments:payment": Door(of=("payment",), employee=LOOKS, admin=(404, 405)),
    "payments:refresh": Door(of=("payment",), employee=DOES, admin=(405, 404)),
    "payments:go_on": Door(of=("payment",), employee=(405, 409), admin=(405, 404)),
    "payments:abandon": Door(of=("payment",), employee=DOES, admin=(405, 404)),
    "payments:card": Door(of=("card",), employee=LOOKS, admin=(404, 405)),
    "payments:card_refresh": Door(of=("card",), employee=DOES, admin=(405, 404)),
    "payments:card_go_on": Door(of=("card",), employee=(405, 409), admin=(405, 404)),
    "payments:card_forget": Door(of=("card",), employee=(405, 409), admin=(405, 404)),
    "money:payments": Door(employee=(403, 405), admin=LOOKS),
    "money:export": Door(employee=(403, 405), admin=LOOKS),
    "money:attention": Door(employee=(403, 405), admin=LOOKS),
    "money:look": Door(of=("=dispute", "=dp_1"), admin=(404, 404)),
    "money:comparisons": Door(employee=(403, 405), admin=LOOKS),
    "money:back_from_stripe": Door(nobody=LOOKS, employee=LOOKS, admin=LOOKS),
    "money:payees": Door(employee=(403, 405), admin=LOOKS),
    "money:payee": Door(of=("lessor",), employee=(403, 405), admin=LOOKS),
    "money:connect": Door(of=("lessor",), employee=(405, 403), admin=(405, 422)),
    "money:check_payee": Door(of=("lessor",), employee=(405, 403), admin=(405, 409)),
    "money:name_account": Door(of=("lessor",), admin=ASKS),
    "money:ask": Door(of=("lessor",), employee=(405, 403), admin=(405, 409)),
    "money:take_away": Door(of=("lessor",), admin=(200, 303)),
    "money:payment": Door(of=("payment",), employee=(403, 405), admin=LOOKS),
    "money:check": Door(of=("payment",), employee=(405, 403), admin=DOES),
    "money:refund": Door(of=("payment",), admin=(409, 409)),
    "money:close": Door(of=("payment",), admin=(409, 409)),
    "money:receipt": Door(of=("payment",), colleague=(404, 405), employee=LOOKS, admin=LOOKS),
    # Repairs and trade-ins
    "repairs:report_fault": Door(of=("device",), colleague=NOT_THEIRS, employee=ASKS, admin=ASKS),
    "repairs:photo": Door(of=("photo", "=small"), colleague=(404, 405), employee=LOOKS, admin=LOOKS),
    "repairs:lend": Door(of=("device",), admin=(409, 409)),
    "repairs:cases": Door(employee=(403, 405), admin=LOOKS),
    "repairs:export": Door(employee=(403, 405), admin=LOOKS),
    "repairs:figures": Door(employee=(403, 405), admin=LOOKS),
    "repairs:loans": Door(employee=(403, 405), admin=LOOKS),
    "repairs:case": Door(of=("case",), employee=(403, 405), admin=LOOKS),
    "repairs:edit_case": Door(of=("case",), admin=(200, 303)),
    "repairs:release_from_mdm": Door(of=("case",), employee=(405, 403), admin=DOES),
    "repairs:give_back": Door(of=("case",), employee=(405, 403), admin=DOES),
    "repairs:hand_on": Door(of=("case",), admin=ASKS),
    "repairs:replace": Door(of=("case",), admin=ASKS),
    "repairs:take_back": Door(of=("loan",), employee=(405, 403), admin=DOES),
    "repairs:prolong": Door(of=("loan",), employee=(405, 403), admin=DOES),
    "repairs:send_to_trade_in": Door(of=("device",), colleague=NOT_THEIRS, admin=(409, 409)),  # leased there
    "repairs:trade_ins": Door(employee=(403, 405), admin=LOOKS),
    "repairs:trade_in": Door(of=("trade-in",), employee=(403, 405), admin=LOOKS),
    "repairs:record_answer": Door(of=("trade-in",), employee=(405, 403), admin=(405, 422)),
    "repairs:receive_money": Door(of=("trade-in",), employee=(405, 403), admin=(405, 422)),
    # Catalogue, budgets and the store
    "orders:catalogue": Door(employee=(403, 405), admin=LOOKS),
    "orders:export": Door(employee=(403, 405), admin=LOOKS),
    "orders:add_product": Door(admin=ASKS),
    "orders:imports": Door(admin=ASKS),
    "orders:headings": Door(employee=(403, 405), admin=LOOKS),
    "orders:import": Door(of=("catalogue import",), employee=(403, 405), admin=LOOKS),
    "orders:apply_import": Door(of=("catalogue import",), employee=(405, 403), admin=(405, 409)),
    "orders:discard_import": Door(of=("catalogue import",), employee=(405, 403), admin=DOES),
    "orders:refused": Door(of=("catalogue import",), employee=(403, 405), admin=LOOKS),
    "orders:product": Door(of=("product",), employee=(403, 405), admin=LOOKS),
    "orders:edit_product": Door(of=("product",), admin=ASKS),
    "orders:archive_product": Door(of=("product",), employee=(405, 403), admin=DOES),
    "orders:restore_product": Door(of=("product",), employee=(405, 403), admin=DOES),
    "orders:add_picture": Door(of=("product",), employee=(405, 403), admin=(405, 422)),
    "orders:remove_picture": Door(of=("product", "picture"), employee=(405, 403), admin=DOES),
    "orders:add_variant": Door(of=("product",), admin=ASKS),
    "orders:variant": Door(of=("product", "variant"), admin=ASKS),
    "orders:archive_variant": Door(of=("product", "variant"), employee=(405, 403), admin=DOES),
    "orders:restore_variant": Door(of=("product", "variant"), employee=(405, 403), admin=DOES),
    "orders:budgets": Door(employee=(403, 405), admin=LOOKS),
    "orders:add_budget": Door(admin=ASKS),
    "orders:rules": Door(admin=ASKS),
    "orders:who_would_get": Door(admin=(200, 409)),
    "orders:earlier_rule": Door(of=("rule",), employee=(405, 403), admin=DOES),
    "orders:later_rule": Door(of=("rule",), employee=(405, 403), admin=DOES),
    "orders:remove_rule": Door(of=("rule",), employee=(405, 403), admin=DOES),
    "orders:budget": Door(of=("budget",), employee=(403, 405), admin=LOOKS),
    "orders:edit_budget": Door(of=("budget",), admin=ASKS),
    "orders:archive_budget": Door(of=("budget",), employee=(405, 403), admin=(405, 409)),
    "orders:restore_budget": Door(of=("budget",), employee=(405, 403), admin=DOES),
    "orders:give_budget": Door(of=("person",), admin=ASKS),
    "orders:take_budget": Door(of=("person",), employee=(405, 403), admin=(405, 409)),
    "orders:deductions": Door(employee=(403, 405), admin=LOOKS),
    "orders:export_deductions": Door(employee=(403, 405), admin=LOOKS),
    "orders:orders": Door(employee=LOOKS, admin=LOOKS),
    "orders:export_orders": Door(employee=(403, 405), admin=LOOKS),
    "orders:order": Door(of=("order",), colleague=(404, 405), employee=LOOKS, admin=LOOKS),
    "orders:retry_order": Door(of=("order",), employee=(405, 403), admin=(405, 409)),
    "orders:send_order_link": Door(of=("order",), employee=(405, 403), admin=(405, 409)),
    "orders:renew_order_link": Door(of=("order",), employee=(405, 403), admin=(405, 409)),
    "orders:end_order_link": Door(of=("order",), employee=(405, 403), admin=(405, 409)),
    "orders:channel": Door(of=("partner",), admin=ASKS),
    "orders:channel_secret": Door(of=("partner",), employee=(405, 403), admin=(405, 200)),
    "orders:own_orders": Door(employee=LOOKS, admin=LOOKS),
    "orders:own_order": Door(of=("order",), colleague=(404, 405), employee=LOOKS, admin=LOOKS),
    "orders:change_order": Door(of=("order",), colleague=NOT_THEIRS, employee=(200, 409), admin=(200, 409)),
    "orders:save_card": Door(employee=(405, 404), admin=(405, 404)),  # the company takes no cards for what goes over
    "orders:pay_request": Door(of=("unpaid request",), employee=(200, 409), admin=(404, 404)),
    "orders:requests": Door(employee=LOOKS, admin=LOOKS),
    "orders:request": Door(of=("request",), colleague=(404, 405), employee=LOOKS, admin=LOOKS),
    # the gate is shut for whoever it is for: their external device has not been dealt with
    "orders:approve_request": Door(of=("request",), colleague=(405, 404), employee=(405, 403), admin=(405, 409)),
    "orders:reject_request": Door(of=("request",), colleague=(405, 404), employee=(405, 403), admin=DOES),
    "orders:withdraw_request": Door(of=("request",), colleague=(405, 404), employee=DOES, admin=(405, 403)),
    "orders:delegations": Door(employee=ASKS, admin=ASKS),
    "orders:end_delegation": Door(of=("=999",), employee=(405, 404), admin=(405, 404)),
    # what distributors report; the page behind their link is post:partner
    "orders:feed": Door(of=("=B-222222",), nobody=(405, 401), employee=(405, 401), admin=(405, 401)),
    "orders:attention": Door(employee=(403, 405), admin=LOOKS),
    "orders:look_at_report": Door(of=("report",), employee=(405, 403), admin=DOES),
    "orders:record": Door(of=("order",), admin=ASKS),
    "orders:record_deed": Door(of=("order", "=cancel"), admin=NOT_THEIRS),  # which line is not said
    "orders:proposal": Door(of=("proposal",), employee=(403, 405), admin=LOOKS),
    "orders:accept_proposal": Door(of=("proposal",), employee=(405, 403), admin=(405, 422)),
    "orders:decline_proposal": Door(of=("proposal",), employee=(405, 403), admin=(405, 422)),
    "orders:store": Door(employee=LOOKS, admin=LOOKS),
    "orders:my_budget": Door(employee=LOOKS, admin=LOOKS),
    "orders:picture": Door(of=("picture", "=small"), employee=LOOKS, admin=LOOKS),
    "orders:store_product": Door(of=("product",), employee=ASKS, admin=ASKS),
    "orders:cart": Door(employee=LOOKS, admin=LOOKS),
    "orders:for_whom": Door(employee=NOT_THEIRS, admin=ASKS),
    "orders:change_item": Door(of=("=1",), employee=(405, 404), admin=(405, 404)),
    "orders:remove_item": Door(of=("=1",), employee=(405, 404), admin=(405, 404)),
    "orders:checkout": Door(employee=(302, 422), admin=(302, 422)),
    "post:sent": Door(employee=(403, 405), admin=LOOKS),
    "post:letter": Door(of=("letter",), employee=(403, 405), admin=LOOKS),
    "post:letter_html": Door(of=("letter",), employee=(403, 405), admin=LOOKS),
    "post:again": Door(of=("letter",), employee=(405, 403), admin=LATER),
    "post:planned": Door(employee=(403, 405), admin=LOOKS),
    "post:planned_letter": Door(of=("=reminders", "reminder"), employee=(403, 405), admin=LOOKS),
    "post:planned_html": Door(of=("=reminders", "reminder"), employee=(403, 405), admin=LOOKS),
    "post:settings": Door(admin=(200, 200)),
    "post:change_planned": Door(of=("=digest", "=P-222222", "=pause"), employee=(405, 403), admin=LATER),
    "post:refused": Door(employee=(403, 405), admin=LOOKS),
    "post:accept_address": Door(employee=(405, 403), admin=LATER),
    "post:texts": Door(employee=(403, 405), admin=LOOKS),
    "post:text": Door(of=("=people", "=invitation"), admin=ASKS),
    "post:text_html": Door(of=("=people", "=invitation", "=sv"), employee=(403, 405), admin=LOOKS),
    "post:reset_text": Door(of=("=people", "=invitation"), employee=(405, 403), admin=LATER),
    "post:identity": Door(admin=(200, 200)),
    "post:identity_html": Door(employee=(403, 405), admin=LOOKS),
    "post:reset_identity": Door(employee=(405, 403), admin=LATER),
    "post:logo": Door(of=("=1",), employee=(404, 405), admin=(404, 405)),
    "post:health": Door(employee=(403, 405), admin=LOOKS),
    "post:try_job_again": Door(of=("=999",), employee=(405, 403), admin=LATER),
}


def routes(patterns=None, prefix=""):
    """Every address of a company's host: (name, the names of what stands in it)."""
    for pattern in patterns or get_resolver("velory.urls").url_patterns:
        if isinstance(pattern, URLPattern):
            yield (
                prefix + (pattern.name or str(pattern.pattern)),
                list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex),
            )
        else:
            namespace = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, prefix + namespace)


NAMES = sorted(name for name, _in_it in routes() if not name.startswith(ONLY_IN_THE_DEMO))


def a_paid_payment(person, device, lessor):
    """A payment by card to a leasing provider, as it stands in the rows."""
    at, price = clock.now(), {"currency": "SEK", "account": "acct_3StepIT00", "livemode": False, "amount_minor": 166725}
    facts = {"name": str(lessor), "account": "acct_3StepIT00"}
    payee = Payee.objects.get_or_create(key=f"partner/{lessor.ref}", defaults=facts)[0]
    attempt = Attempt.objects.create(
        kind="renewals.buyout", subject_ref=device.ref, person=person, payee=payee, amount=Decimal("1667.25"),
        state=Attempt.State.PAID, begun_at=at, moved_at=at, expires_at=at, **price,
    )  # fmt: skip
    Money.objects.create(attempt=attempt, kind=Money.Kind.CHARGE, provider_id=f"ch_{attempt.ref[2:]}", at=at, **price)
    return attempt


def a_saved_card(person, payment):
    """A card that can be charged, as it stands in the rows."""
    at, known = clock.now(), {"method_id": "pm_1", "customer_id": "cus_1", "last4": "4242", "brand": "visa"}
    return Card.objects.create(
        person=person, payee=payment.payee, account=payment.account, livemode=False, state=Card.State.SAVED,
        back_to="/store/checkout/", begun_at=at, moved_at=at, expires_at=at, saved_at=at, **known,
    )  # fmt: skip


def a_world(employee):
    """One of each thing, as it stands in addresses."""
    admin = an_admin()
    device = an_external_device_in_its_window(employee)
    other = an_external_device(a_person())
    made = invitations.invite(a_person(), by=admin)
    an_import = Import.begin("email;förnamn\na@b.example;A\n".encode(), "people.csv", by=admin, at=clock.now())
    return {
        "person": employee.ref,
        "other person": a_person().ref,
        "location": a_location().ref,
        "team": a_team().ref,
        "space": a_space().name,
        "device": device.ref,
        "other device": other.ref,
        "partner": an_external_distributor().ref,
        "lessor": a_lessor().ref,
        "payment": (payment := a_paid_payment(employee, device, a_lessor())).ref,
        "other payment": a_paid_payment(a_person(), other, a_lessor()).ref,
        "card": (card := a_saved_card(employee, payment)).ref,
        "import": an_import.ref,
        "bulk change": a_bulk_change("payor", [device], by=admin, payor="employee").ref,
        "archive": an_archive(admin).ref,
        "support access": a_support_access().ref,
        "identity provider": IdentityProvider.set_up(
            name="Kontoret",
            issuer="https://127.0.0.1",
            client_id="velory",
            secret="s",
            is_on=True,
            by=admin,
            at=clock.now(),
        ).ref,
        "letter": Letter.objects.get(person=made.person).ref,
        "reminder": Reminder.objects.of(device).first().ref,
        **a_store(admin),
        "request": a_request(person=employee).ref,
        "unpaid request": a_request(
            {"overage": Decimal(490)}, person=employee, overage="card", card_ref=card.ref, status="payment_needed"
        ).ref,
        "other request": a_request(person=a_person()).ref,
        "order": an_order(person=employee).ref,
        "other order": an_order(person=a_person()).ref,
        **a_report(),
        "leaver": (leaver := a_leaver(by=admin)).ref,
        "left device": a_device(leaver).ref,
        **repairs_of(employee, admin),
        "view": SavedView.objects.create(owner=employee, name="Leases", shared=True).ref,
        "return": a_labelled_return(device),
        "other return": a_labelled_return(other),
    }


@dataclass(frozen=True)
class Worlds:
    """What stands in both companies, made once for all doors: every test gets it as it was made."""

    ours: dict
    employee: int
    admin: int
    theirs: dict
    their_admin: int


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of both worlds."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def made(companies, files, django_db_blocker):
    """Both worlds, in a transaction around those of the tests, which take back what each of them does."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: MADE_AT)
        connection.set_schema_to_public()
        around = transaction.atomic()
        around.__enter__()
        with inside(companies["nordvik"]):
            employee, admin = a_person(), an_admin()
            ours = a_world(employee)
        with inside(companies["saimaa"]):
            theirs, their_admin = a_world(a_person()), an_admin()
        connection.check_constraints()
    yield Worlds(ours, employee.pk, admin.pk, theirs, their_admin.pk)
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def worlds(made, files, tmp_path, settings):
    """Both worlds, with files of their own."""
    settings.MEDIA_ROOT = shutil.copytree(files, tmp_path / "files")
    return made


@pytest.fixture
def employee(worlds):
    return Person.objects.get(pk=worlds.employee)


@pytest.fixture
def admin(worlds):
    return Person.objects.get(pk=worlds.admin)


def a_support_access():
    """An access that support has asked for, and nobody has answered."""
    return SupportAccess.ask(operator_ref="P-2", operator_name="Velory", why="A question", at=clock.now())


def an_archive(admin):
    """An export that lies there, with a file."""
    archive = Archive.objects.create(state=Archive.State.READY, by=admin, asked_at=clock.now(), ready_at=clock.now())
    default_storage.save(archive.path, ContentFile(b"PK"))
    return archive


def a_labelled_return(device):
    """A return whose label has come: the row alone, for here it is asked who may open it."""
    Contract.objects.create(device=device, provider=a_lessor(), currency="SEK")
    label = ContentFile(PDF, "label.pdf")
    return Return.objects.create(device=device, chosen_at=clock.now(), label=label).ref


def repairs_of(employee, admin):
    """One of each thing that repairs know; a colleague's photo besides."""
    case = the_case_of(a_device_in_repair(holder=employee))
    other = the_case_of(a_reported_device(holder=a_person()))
    loan = lend(a_device(), employee, due_on=clock.today(), by=admin, at=clock.now())
    traded = a_device()
    traded.send_to_trade_in(by=admin, buyer=an_external_distributor().ref, currency="SEK")
    return {
        "case": case.ref, "photo": a_photo_of(case).ref, "other photo": a_photo_of(other).ref, "loan": loan.ref,
        "trade-in": TradeIn.objects.get().ref,
    }  # fmt: skip


def a_report():
    """What a distributor said: a word that nobody knows, and a device that nobody ordered."""
    order = a_sent_order()
    extra = {"name": "Jabra Evolve2 65", "serial": order.ref}
    report = hears(order, said(order, 1, [{"line": 1, "status": "Skickad"}], extra_devices=[extra]))
    return {"report": report.ref, "proposal": report.proposals.get().ref}


def a_store(admin):
    """One of each thing that the store knows."""
    product = a_product()
    rule = a_rule(a_budget())
    return {
        "product": product.ref,
        "variant": product.variants.get().ref,
        "picture": a_picture(product, by=admin).ref,
        "catalogue import": a_catalogue_import(by=admin).ref,
        "budget": rule.budget.ref,
        "rule": rule.ref,
    }


def address(door, world, **instead):
    """A door's address; `instead` puts something else in the place of a thing."""
    return reverse(
        door.name, args=[of[1:] if of.startswith("=") else instead.get("thing", world[of]) for of in door.of]
    )


def signed_in(who, host="nordvik.localhost"):
    """The session cookie of somebody who has just signed in."""
    browser = Browser(HTTP_HOST=host)
    browser.force_login(who, backend="velory.people.backends.PersonBackend")
    session = browser.session
    session[SAID_AT] = clock.wall().isoformat()
    session.save()
    return browser.cookies["session"].value


def knock(path, who=None, *, host="nordvik.localhost", cookie=None):
    """What GET and an empty POST are answered, each to a browser of its own; what the POST did is forgotten."""
    if who is not None:
        cookie = signed_in(who, host)
    answers = []
    for method in ("get", "post"):
        browser = Browser(HTTP_HOST=host)
        if cookie is not None:
            browser.cookies["session"] = cookie
        before = transaction.savepoint_create()
        answers.append(getattr(browser, method)(path))
        transaction.savepoint_rollback(before)
    return answers


def codes(answers):
    return tuple(answer.status_code for answer in answers)


def everything_of(answer):
    """The answer to the byte; a page that may not be kept expires the second it is made, which is not compared."""
    headers = {name: "now" if name == "Expires" else value for name, value in answer.headers.items()}
    return answer.status_code, sorted(headers.items()), answer.content


def missing(ref):
    """A reference of the same form that is nobody's."""
    return ref[:-1] + ("2" if ref[-1] != "2" else "3")


def test_every_address_has_its_line_and_every_line_its_address():
    assert sorted(DOORS) == NAMES


@pytest.mark.parametrize("name", sorted(set(DOORS) & set(NAMES)))
def test_who_gets_in(name, worlds, employee, admin):
    door, world = replace(DOORS[name], name=name), worlds.ours
    path = address(door, world)

    nobody = knock(path)
    if door.nobody is None:
        assert [answer.url.partition("?")[0] for answer in nobody] == ["/account/login/"] * 2
    else:
        assert codes(nobody) == door.nobody

    assert codes(knock(path, employee)) == door.employee, "an employee"
    assert codes(knock(path, admin)) == door.admin, "an admin"

    if door.colleague:
        theirs = next(f"other {of}" for of in door.of if f"other {of}" in world)
        assert codes(knock(address(door, world, thing=world[theirs]), employee)) == door.colleague, "a colleague's"


@pytest.mark.parametrize(
    "name", sorted(n for n in set(DOORS) & set(NAMES) if any(not of.startswith("=") for of in DOORS[n].of))
)
def test_another_companys_and_nobodys_are_the_same_404(name, worlds, employee, admin):
    door, world, theirs = replace(DOORS[name], name=name), worlds.ours, worlds.theirs
    thing = next(of for of in door.of if not of.startswith("="))

    for cookie in (signed_in(admin), signed_in(employee)):
        foreign = knock(address(door, world, thing=theirs[thing]), cookie=cookie)
        none = knock(address(door, world, thing=missing(theirs[thing])), cookie=cookie)
        malformed = knock(address(door, world, thing="x" * 200), cookie=cookie)

        assert theirs[thing] != missing(theirs[thing])
        assert set(codes(foreign)) <= {403, 404, 405}
        for method in (0, 1):
            assert everything_of(foreign[method]) == everything_of(none[method]) == everything_of(malformed[method])
        for odd in ("%00", "%F0%9F%92%A9", "..", "%2e%2e%2f", "'%22%3B--", "%ff"):
            path = address(door, world, thing="SOMETHING").replace("SOMETHING", odd)
            assert set(codes(knock(path, cookie=cookie))) <= {403, 404, 405}, odd


@pytest.mark.parametrize("name", sorted(n for n in set(DOORS) & set(NAMES) if DOORS[n].nobody is None))
def test_another_companys_cookie_is_nobodys(name, worlds, saimaa):
    door = replace(DOORS[name], name=name)
    with inside(saimaa):
        theirs = Browser(HTTP_HOST="saimaa.localhost")
        admin = Person.objects.get(pk=worlds.their_admin)
        theirs.force_login(admin, backend="velory.people.backends.PersonBackend")
    answers = knock(address(door, worlds.ours), cookie=theirs.cookies["session"].value)
    assert [answer.url.partition("?")[0] for answer in answers] == ["/account/login/"] * 2
