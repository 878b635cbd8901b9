"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    name = "proposals"
    verbose_name = _("Proposals")

    def ready(self) -> None:
        from office.events import SENTENCES
        from proposals import workflow

        workflow.PROPOSAL.register_sentences()
        workflow.ASSIGNMENT.register_sentences()
        SENTENCES.update(workflow.OTHER_SENTENCES)
