"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "office"
    verbose_name = _("Office")

    def ready(self) -> None:
        from office import choices, events, notices, pruning, tick

        events.SENTENCES.update(choices.SENTENCES)
        events.FOLLOWERS.append(notices.follow)
        tick.JOBS.append(("old notices and messages", pruning.prune))
