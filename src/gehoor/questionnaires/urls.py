"""Addresses under /kantoor/vragenlijsten/."""

from django.urls import path

from gehoor.questionnaires import views

app_name = "questionnaires"
urlpatterns = [
    path("", views.list_all, name="list"),
    path("inlezen/", views.take_in, name="import"),
    path("<int:version_pk>/", views.page, name="page"),
    path("<int:version_pk>/bestand/", views.export, name="export"),
]
