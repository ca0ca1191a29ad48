"""Addresses under /kantoor/voorbeeld/."""

from django.urls import path

from gehoor.answers import desk

app_name = "preview"
urlpatterns = [
    path("<int:version_pk>/", desk.preview, name="preview"),
    path("<int:version_pk>/verstuurd/", desk.send, name="send"),
    path("<int:version_pk>/einde/", desk.end, name="end"),
]
