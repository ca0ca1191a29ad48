"""The addresses of guests of a meeting."""

from django.urls import path

from gehoor.meetings import door

app_name = "meeting"
urlpatterns = [
    path("m/", door.welcome, name="welcome"),
    path("m/<str:code>", door.enter, name="enter"),
]
