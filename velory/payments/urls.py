from django.urls import path

from velory.payments.views import card, payment

app_name = "payments"
urlpatterns = [
    path("payments/cards/<str:ref>/", card.card, name="card"),
    path("payments/cards/<str:ref>/refresh/", card.refresh, name="card_refresh"),
    path("payments/cards/<str:ref>/go_on/", card.go_on, name="card_go_on"),
    path("payments/cards/<str:ref>/forget/", card.forget, name="card_forget"),
    path("payments/<str:ref>/", payment.payment, name="payment"),
    path("payments/<str:ref>/refresh/", payment.refresh, name="refresh"),
    path("payments/<str:ref>/go_on/", payment.go_on, name="go_on"),
    path("payments/<str:ref>/abandon/", payment.abandon, name="abandon"),
]
