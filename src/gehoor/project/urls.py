"""All addresses. Those of staff are under /kantoor/; the rest is the client's door."""

from django.urls import include, path

from gehoor.project import views
from gehoor.results import urls as results

desk = (
    [
        path("", views.start, name="start"),
        path("account/", views.account, name="account"),
        path("kantoor-kiezen/", views.choose_office, name="office"),
        path("taal/", views.language, name="language"),
    ],
    "desk",
)

handler404 = views.not_found

urlpatterns = [
    path("kantoor/live/", views.live, name="live"),
    path("kantoor/", include(desk)),
    path("kantoor/i18n/", include("django.conf.urls.i18n")),
    path("kantoor/inloggen/", include("allauth.urls")),
    path("kantoor/onderdelen/", include("gehoor.ui.urls")),
    path("kantoor/vragen/", include("gehoor.rounds.urls")),
    path("kantoor/bijeenkomsten/", include("gehoor.meetings.urls")),
    path("kantoor/bijeenkomsten/", include("gehoor.boards.desk_urls")),
    path("kantoor/gesprekken/", include("gehoor.interviews.urls")),
    path("kantoor/vragenlijsten/", include("gehoor.questionnaires.urls")),
    path("kantoor/voorbeeld/", include("gehoor.answers.desk_urls")),
    path("kantoor/lezen/", include("gehoor.reading.urls")),
    path("kantoor/zien/", include("gehoor.results.urls")),
    path("kantoor/doen/", include(results.doing)),
    path("kantoor/privacy/", include("gehoor.privacy.urls")),
    path("", include("gehoor.project.client_urls")),
]
