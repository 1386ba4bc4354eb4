"""The addresses of repairs. Reporting has the address of the device's own step, with photos besides."""

from django.urls import path

from repairs.views import cases, loans, outcomes, reporting, trade_ins

app_name = "repairs"
urlpatterns = [
    path("devices/<slug:ref>/report_fault/", reporting.report_fault, name="report_fault"),
    path("devices/<slug:ref>/lend/", loans.lend, name="lend"),
    path("devices/<slug:ref>/send_to_trade_in/", trade_ins.send_to_trade_in, name="send_to_trade_in"),
    path("trade-ins/", trade_ins.trade_ins, name="trade_ins"),
    path("trade-ins/<slug:ref>/", trade_ins.trade_in, name="trade_in"),
    path("trade-ins/<slug:ref>/answer/", trade_ins.record_answer, name="record_answer"),
    path("trade-ins/<slug:ref>/money/", trade_ins.receive_money, name="receive_money"),
    path("repairs/", cases.cases, name="cases"),
    path("repairs/export/", cases.export_cases, name="export"),
    path("repairs/figures/", cases.figures, name="figures"),
    path("repairs/photos/<slug:ref>/<slug:size>/", reporting.photo, name="photo"),
    path("repairs/loans/", loans.loans, name="loans"),
    path("repairs/loans/<slug:ref>/back/", loans.take_back, name="take_back"),
    path("repairs/loans/<slug:ref>/prolong/", loans.prolong, name="prolong"),
    path("repairs/<slug:ref>/", cases.case, name="case"),
    path("repairs/<slug:ref>/edit/", cases.edit_case, name="edit_case"),
    path("repairs/<slug:ref>/mdm/", cases.release_from_mdm, name="release_from_mdm"),
    path("repairs/<slug:ref>/back/", outcomes.give_back, name="give_back"),
    path("repairs/<slug:ref>/hand/", outcomes.hand_on, name="hand_on"),
    path("repairs/<slug:ref>/replace/", outcomes.replace, name="replace"),
]
