from django.urls import path

app_name = "questionnaires"
urlpatterns: list[object] = []
