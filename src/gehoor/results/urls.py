"""Addresses of the figures under /kantoor/zien/, and of the talks about them under /kantoor/doen/."""

from django.urls import path

from gehoor.results import views

app_name = "results"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:pk>/", views.one, name="round"),
    path("<int:pk>/<str:period>/", views.quarter, name="quarter"),
    path("<int:pk>/<str:period>/vrijgeven/", views.release, name="release"),
    path("<int:pk>/<str:period>/gevraagd/", views.asked, name="asked"),
    path("<int:pk>/<str:period>/cijfers/<str:format>/", views.download, name="download"),
]

# Doing: talking about what was heard. Decisions and telling back get a room of their own.
doing = (
    [
        path("", views.to_discuss, name="list"),
        path("<int:pk>/<str:period>/", views.discussion_sheet, name="sheet"),
    ],
    "doing",
)
