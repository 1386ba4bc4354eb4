"""The admins' pages about payments, and one's own confirmations. They stand before the payer's own page."""

from django.urls import path

from velory.payments.screens import attention, listing, own, partner, payees, record, refunding

app_name = "money"
urlpatterns = [
    path("payments/", listing.payments, name="payments"),
    path("payments/export/", listing.export_payments, name="export"),
    path("payments/attention/", attention.attention, name="attention"),
    path("payments/attention/<slug:code>/<slug:key>/", attention.look, name="look"),
    path("payments/comparisons/", attention.comparisons, name="comparisons"),
    path("payments/back-from-stripe/", partner.back_from_stripe, name="back_from_stripe"),
    path("payments/payees/", payees.payees, name="payees"),
    path("payments/payees/<slug:slug>/", payees.payee, name="payee"),
    path("payments/payees/<slug:slug>/connect/", payees.connect, name="connect"),
    path("payments/payees/<slug:slug>/check/", payees.check, name="check_payee"),
    path("payments/payees/<slug:slug>/name-account/", payees.name_account, name="name_account"),
    path("payments/payees/<slug:slug>/ask/", payees.ask, name="ask"),
    path("payments/payees/<slug:slug>/take-away/", payees.take_away, name="take_away"),
    path("payments/<slug:ref>/record/", record.payment, name="payment"),
    path("payments/<slug:ref>/record/check/", record.check_payment, name="check"),
    path("payments/<slug:ref>/record/refund/", refunding.refund_payment, name="refund"),
    path("payments/<slug:ref>/record/close/", record.close_payment, name="close"),
    path("payments/<slug:ref>/receipt/", own.receipt, name="receipt"),
]
