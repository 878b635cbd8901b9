"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutcomesConfig(AppConfig):
    name = "outcomes"
    verbose_name = _("Outcomes")

    def ready(self) -> None:
        from office import tick
        from office.events import FOLLOWERS, SENTENCES
        from outcomes import selectors, services, telling
        from proposals import workflow

        SENTENCES.update(services.EVENT_SENTENCES)
        FOLLOWERS.append(services.promises_of_letter)
        telling.register()
        workflow.IS_UNMET.append(selectors.is_unmet)
        tick.JOBS.append(("feedback", services.feedback_lapse))
        tick.JOBS.append(("reminders of judgements and promises", telling.reminders))
