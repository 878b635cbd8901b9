"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuingConfig(AppConfig):
    name = "issuing"
    verbose_name = _("Issuing")

    def ready(self) -> None:
        from issuing import services
        from office.events import SENTENCES

        SENTENCES.update(services.EVENT_SENTENCES)
