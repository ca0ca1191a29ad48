"""The addresses of a board, by the number of its meeting."""

from django.urls import path

from gehoor.boards import views

app_name = "board"
urlpatterns = [
    path("m/terug/", views.come_back, name="back"),
    path("bord/bestand/<str:name>", views.file, name="file"),
    path("bord/<int:pk>/", views.page, name="page"),
    path("bord/<int:pk>/notitie/<str:note>/", views.note, name="note"),
    path("bord/<int:pk>/sinds/", views.since, name="since"),
    path("bord/<int:pk>/doe/", views.do, name="do"),
]
