"""Addresses under /kantoor/vragen/."""

from django.urls import path

from gehoor.rounds import views

app_name = "rounds"
urlpatterns = [
    path("", views.list_all, name="list"),
    path("nieuw/", views.new, name="new"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/starten/", views.start, name="start"),
    path("<int:pk>/sluiten/", views.close, name="close"),
    path("<int:pk>/codes/", views.make_codes, name="codes"),
    path("<int:pk>/adressen/", views.add_addresses, name="addresses"),
    path("post/<int:dispatch_pk>/", views.mail, name="mailing"),
    path("post/<int:dispatch_pk>/herinneren/", views.remind, name="remind"),
    path("post/<int:dispatch_pk>/weggooien/", views.drop, name="drop"),
]
