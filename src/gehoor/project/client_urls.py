"""The addresses of clients: the door of the questionnaires, meetings and their boards."""

from django.urls import include, path

urlpatterns = [
    path("", include("gehoor.meetings.door_urls")),
    path("", include("gehoor.boards.urls")),
    path("", include("gehoor.answers.urls")),
]
