from django.urls import path

from velory.post.views import landing

app_name = "post"
urlpatterns = [
    path("l/<slug:token>/", landing.follow_link, name="link"),
    path("l/<slug:token>/<slug:deed>/", landing.follow_link, name="link_deed"),
]
