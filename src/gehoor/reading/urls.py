from django.urls import path

from gehoor.reading import views

app_name = "reading"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("volgende/", views.next_text, name="next"),
    path("tekst/<uuid:pk>/", views.text, name="text"),
    path("tekst/<uuid:pk>/bekijk/", views.look, name="look"),
    path("tekst/<uuid:pk>/keur-goed/", views.approve, name="approve"),
    path("tekst/<uuid:pk>/leg-weg/", views.set_aside, name="set-aside"),
    path("tekst/<uuid:pk>/naar-triage/", views.pass_on, name="pass-on"),
    path("triage/", views.triage, name="triage"),
    path("triage/<uuid:pk>/", views.flagged, name="flagged"),
    path("triage/<uuid:pk>/zorg/", views.concern, name="concern"),
]
