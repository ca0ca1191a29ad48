"""The addresses of staff for meetings."""

from django.urls import path

from gehoor.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.list_all, name="list"),
    path("nieuw/", views.new, name="new"),
    path("<int:pk>/", views.page, name="page"),
    path("<int:pk>/wijzigen/", views.change, name="change"),
    path("<int:pk>/afvinken/", views.tick, name="tick"),
    path("<int:pk>/draaiboek/", views.show_guide, name="guide"),
    path("<int:pk>/draaiboek/wijzigen/", views.change_guide, name="change_guide"),
    path("<int:pk>/uitnodigen/", views.invite, name="invite"),
    path("<int:pk>/uitkomst/", views.tell_outcome, name="outcome"),
    path("<int:pk>/open/", views.doors, name="open"),
]
