"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    name = "proposals"
    verbose_name = _("Proposals")

    def ready(self) -> None:
        from office import tick
        from office.events import SENTENCES
        from proposals import services, telling, workflow

        workflow.PROPOSAL.register_sentences()
        workflow.ASSIGNMENT.register_sentences()
        SENTENCES.update(workflow.OTHER_SENTENCES)
        telling.register()
        tick.JOBS.append(("reminders", telling.reminders))
        tick.JOBS.append(("invitations", lambda assembly: services.invitations_lapse(assembly=assembly)))
