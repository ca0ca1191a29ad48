from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "gehoor.ui"
    label = "ui"
    verbose_name = "design system"
