"""The addresses of staff for interviews: a series by its number, a talk by its random key."""

from django.urls import path

from gehoor.interviews import views

app_name = "interviews"
urlpatterns = [
    path("<int:pk>/", views.list_all, name="list"),
    path("<int:pk>/begin/", views.begin, name="begin"),
    path("<int:pk>/bellijst/", views.call_list, name="call_list"),
    path("<int:pk>/bellijst/weg/", views.drop_list, name="drop_list"),
    path("<int:pk>/bellen/", views.call, name="call"),
    path("<int:pk>/intrekken/", views.find, name="find"),
    path("<uuid:pk>/", views.page, name="page"),
    path("<uuid:pk>/bestand/", views.upload, name="upload"),
    path("<uuid:pk>/namen/", views.names, name="names"),
    path("<uuid:pk>/nakijken/", views.check, name="check"),
    path("<uuid:pk>/opname/", views.record, name="record"),
    path("<uuid:pk>/opname/weg/", views.delete_sound, name="delete_sound"),
    path("<uuid:pk>/geluid/", views.listen, name="listen"),
    path("<uuid:pk>/intrekken/", views.withdraw, name="withdraw"),
]
