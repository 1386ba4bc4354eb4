from django.urls import path

from assets.views import devices, hardware, home, log, partners, saved_views, settings, spaces, steps, support

app_name = "assets"
urlpatterns = [
    path("", home.home, name="home"),
    path("first-steps/close/", home.close_first_steps, name="close_first_steps"),
    path("devices/", home.own_devices, name="own_devices"),
    path("devices/<slug:ref>/", devices.device, name="device"),
    path("devices/<slug:ref>/notes/", devices.add_note, name="add_note"),
    path("devices/<slug:ref>/<slug:name>/", steps.take_step, name="step"),
    path("hardware/", hardware.hardware, name="hardware"),
    path("hardware/export/", hardware.export_hardware, name="export_hardware"),
    path("hardware/columns/", saved_views.choose_columns, name="choose_columns"),
    path("hardware/views/", saved_views.saved_views, name="saved_views"),
    path("hardware/views/<slug:ref>/", saved_views.edit_view, name="edit_view"),
    path("hardware/views/<slug:ref>/update/", saved_views.update_view, name="update_view"),
    path("hardware/views/<slug:ref>/delete/", saved_views.delete_view, name="delete_view"),
    path("hardware/new/", hardware.register_device, name="register"),
    path("partners/", partners.partners, name="partners"),
    path("partners/new/", partners.add_partner, name="add_partner"),
    path("partners/<slug:ref>/", partners.edit_partner, name="edit_partner"),
    path("spaces/", spaces.spaces, name="spaces"),
    path("spaces/new/", spaces.add_space, name="add_space"),
    path("spaces/edit/", spaces.edit_space, name="edit_space"),
    path("log/", log.log, name="log"),
    path("log/export/", log.export_log, name="export_log"),
    path("settings/", settings.settings, name="settings"),
    path("you/support/", support.support, name="support"),
]
