from django.urls import path

from gehoor.results import views

app_name = "results"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:pk>/", views.one, name="round"),
    path("<int:pk>/<str:period>/", views.quarter, name="quarter"),
    path("<int:pk>/<str:period>/vrijgeven/", views.release, name="release"),
    path("<int:pk>/<str:period>/cijfers/<str:format>/", views.download, name="download"),
]
