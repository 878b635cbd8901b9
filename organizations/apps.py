"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = _("Organization")

    def ready(self) -> None:
        from office.events import SENTENCES
        from organizations.services import EVENT_SENTENCES

        SENTENCES.update(EVENT_SENTENCES)
