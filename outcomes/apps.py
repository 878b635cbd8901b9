"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutcomesConfig(AppConfig):
    name = "outcomes"
    verbose_name = _("Outcomes")

    def ready(self) -> None:
        from office import tick
        from office.events import SENTENCES
        from outcomes import services, telling

        SENTENCES.update(services.EVENT_SENTENCES)
        telling.register()
        tick.JOBS.append(("feedback", services.feedback_lapse))
        tick.JOBS.append(("reminders of judgements and promises", telling.reminders))
