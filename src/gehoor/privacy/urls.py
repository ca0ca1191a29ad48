from django.urls import path

from gehoor.privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.journal, name="journal"),
    path("leeslog/", views.reading_log, name="reading-log"),
    path("kleinste-groep/", views.smallest_group, name="smallest-group"),
    path("bewaren/", views.retention_list, name="retention"),
    path("bewaren/nu/", views.retain, name="retain"),
]
