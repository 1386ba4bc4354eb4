from django.urls import path

from velory.payments.views import payment

app_name = "payments"
urlpatterns = [
    path("payments/<str:ref>/", payment.payment, name="payment"),
    path("payments/<str:ref>/refresh/", payment.refresh, name="refresh"),
    path("payments/<str:ref>/go_on/", payment.go_on, name="go_on"),
    path("payments/<str:ref>/abandon/", payment.abandon, name="abandon"),
]
