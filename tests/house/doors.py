"""What every address of the product answers to nobody, an employee, an admin and whoever asks for a colleague's.

An address that stands in no line of DOORS fails (`test_doors.py`); so does a line without an address.
"""

from dataclasses import dataclass, replace

from django.urls import URLPattern, get_resolver, reverse

ONLY_IN_THE_DEMO = "demo:"


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
    "account_proof_options": Door(nobody=LATER, employee=LATER, admin=LATER),
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
    "post:stop": Door(of=("=token",), nobody=(404, 404), employee=(404, 404), admin=(404, 404)),
    "post:resume": Door(of=("=token",), nobody=(405, 404), employee=(405, 404), admin=(405, 404)),
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
    "people:security_elsewhere": Door(employee=DOES, admin=DOES),
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
DOORS = {name: replace(door, name=name) for name, door in DOORS.items()}


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


def address(door, world, **instead):
    """A door's address; `instead` puts something else in the place of a thing."""
    return reverse(
        door.name, args=[of[1:] if of.startswith("=") else instead.get("thing", world[of]) for of in door.of]
    )
