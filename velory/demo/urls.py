from django.urls import path

from velory.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/clock/", views.push, name="push"),
    path("demo/bar/", views.bar, name="bar"),
]
