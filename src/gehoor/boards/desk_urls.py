"""The addresses of staff for boards."""

from django.urls import path

from gehoor.boards import desk

app_name = "boards"
urlpatterns = [path("<int:pk>/leiden/", desk.lead, name="lead")]
