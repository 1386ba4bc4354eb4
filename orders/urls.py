"""The addresses of orders: the catalogue and budgets, which admins keep, and the store."""

from django.urls import path

from orders.views import budgets, catalogue, catalogue_imports, store

app_name = "orders"
urlpatterns = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/export/", catalogue.export_catalogue, name="export"),
    path("catalogue/new/", catalogue.add_product, name="add_product"),
    path("catalogue/imports/", catalogue_imports.imports, name="imports"),
    path("catalogue/imports/headings/", catalogue_imports.headings, name="headings"),
    path("catalogue/imports/<slug:ref>/", catalogue_imports.import_page, name="import"),
    path("catalogue/imports/<slug:ref>/apply/", catalogue_imports.apply_import, name="apply_import"),
    path("catalogue/imports/<slug:ref>/discard/", catalogue_imports.discard_import, name="discard_import"),
    path("catalogue/imports/<slug:ref>/refused/", catalogue_imports.refused_csv, name="refused"),
    path("catalogue/<slug:ref>/", catalogue.product, name="product"),
    path("catalogue/<slug:ref>/edit/", catalogue.edit_product, name="edit_product"),
    path("catalogue/<slug:ref>/archive/", catalogue.archive_product, name="archive_product"),
    path("catalogue/<slug:ref>/restore/", catalogue.restore_product, name="restore_product"),
    path("catalogue/<slug:ref>/pictures/", catalogue.add_picture, name="add_picture"),
    path("catalogue/<slug:ref>/pictures/<slug:picture>/remove/", catalogue.remove_picture, name="remove_picture"),
    path("catalogue/<slug:ref>/variants/new/", catalogue.add_variant, name="add_variant"),
    path("catalogue/<slug:ref>/variants/<slug:variant>/", catalogue.variant, name="variant"),
    path("catalogue/<slug:ref>/variants/<slug:variant>/archive/", catalogue.archive_variant, name="archive_variant"),
    path("catalogue/<slug:ref>/variants/<slug:variant>/restore/", catalogue.restore_variant, name="restore_variant"),
    path("budgets/", budgets.budgets, name="budgets"),
    path("budgets/new/", budgets.add_budget, name="add_budget"),
    path("budgets/rules/", budgets.rules, name="rules"),
    path("budgets/rules/preview/", budgets.who_would_get, name="who_would_get"),
    path("budgets/rules/<slug:ref>/earlier/", budgets.earlier_rule, name="earlier_rule"),
    path("budgets/rules/<slug:ref>/later/", budgets.later_rule, name="later_rule"),
    path("budgets/rules/<slug:ref>/remove/", budgets.remove_rule, name="remove_rule"),
    path("budgets/<slug:ref>/", budgets.budget, name="budget"),
    path("budgets/<slug:ref>/edit/", budgets.edit_budget, name="edit_budget"),
    path("budgets/<slug:ref>/archive/", budgets.archive_budget, name="archive_budget"),
    path("budgets/<slug:ref>/restore/", budgets.restore_budget, name="restore_budget"),
    path("people/<slug:ref>/budget/", budgets.give_budget, name="give_budget"),
    path("people/<slug:ref>/budget/take/", budgets.take_budget, name="take_budget"),
    path("store/", store.store, name="store"),
    path("store/budget/", store.my_budget, name="my_budget"),
    path("store/pictures/<slug:ref>/<slug:size>/", store.picture, name="picture"),
    path("store/<slug:ref>/", store.store_product, name="store_product"),
]
