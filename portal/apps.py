"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from django.core import checks

        from office import events
        from portal import deploy_checks, services

        checks.register(deploy_checks.leads_here_only, deploy=True)

        events.SENTENCES.update(services.EVENT_SENTENCES)
        events.FOLLOWERS.append(services.follow)
