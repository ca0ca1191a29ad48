"""The addresses of staff for boards."""

from django.urls import path

from gehoor.boards import desk, desk_files

app_name = "boards"
urlpatterns = [
    path("<int:pk>/leiden/", desk.lead, name="lead"),
    path("<int:pk>/bord/", desk.look, name="look"),
    path("<int:pk>/einde/", desk.end, name="end"),
    path("<int:pk>/uitvoer/", desk_files.export, name="export"),
    path("<int:pk>/invoer/", desk_files.take_in, name="import"),
    path("<int:pk>/kaartjes/", desk_files.print_cards, name="cards"),
    path("<int:pk>/kaartje/<str:card>/", desk_files.type_card, name="card"),
    path("<int:pk>/overtypen/", desk_files.type_card, name="type"),
    path("<int:pk>/offline/", desk_files.offline, name="offline"),
    path("<int:pk>/offline/bewaarder.js", desk_files.keeper, name="keeper"),
]
