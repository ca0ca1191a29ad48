"""The addresses of staff for meetings."""

from django.urls import path

from gehoor.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.list_all, name="list"),
    path("nieuw/", views.new, name="new"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/open/", views.open_doors, name="open"),
    path("<int:pk>/einde/", views.end, name="end"),
]
