"""Addresses under /kantoor/voorbeeld/."""

from django.urls import path

from gehoor.answers import desk

app_name = "preview"
urlpatterns = [
    path("<int:pk>/", desk.preview, name="preview"),
    path("<int:pk>/verstuurd/", desk.send, name="send"),
    path("<int:pk>/einde/", desk.end, name="end"),
]
