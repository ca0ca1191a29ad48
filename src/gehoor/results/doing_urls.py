"""Doing: talking about what was heard. Decisions and telling back get a room of their own."""

from django.urls import path

from gehoor.results import views

app_name = "doing"
urlpatterns = [
    path("", views.to_discuss, name="list"),
    path("<int:pk>/<str:period>/", views.discussion_sheet, name="sheet"),
]
