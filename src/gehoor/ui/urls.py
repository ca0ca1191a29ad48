from django.urls import path

from gehoor.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.components, name="components"),
    path("deur/<slug:language>/", views.door_sample, name="door-sample"),
]
