"""The client's addresses: short, Dutch, without anything that points at a person."""

from django.urls import path

from gehoor.answers import views

app_name = "door"
urlpatterns = [
    path("", views.welcome, name="welcome"),
    path("v/<str:code>", views.enter, name="enter"),
    path("vragen/", views.questions, name="questions"),
    path("bewaard/<str:language>/", views.saved, name="saved"),
    path("bewijs/", views.square, name="square"),
    path("terugnemen/", views.take_back, name="take_back"),
    path("stop/", views.stop, name="stop"),
    path("weg/", views.leave, name="leave"),
]
