"""Text that arrives after the session has ended: kept for its writer until the same person signs in again.

The form carries a signed mark of who wrote it; only that person gets the text back, on the page it was meant for.
"""

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import HttpRequest, QueryDict

from accounts.models import User

SESSION_KEY = "kept_text"
FIELD = "written_by"
SALT = "accounts.kept"
LONGEST_BYTES = 2_000_000


def mark_for(user: User | AnonymousUser) -> str:
    """Return the signed mark that a form of this person carries in its hidden field `written_by`."""
    return signing.dumps(user.pk, salt=SALT) if user.is_authenticated else ""


def keep(request: HttpRequest) -> bool:
    """Keep the posted text of a form in the visitor's new session. Say whether there was any to keep."""
    try:
        writer = signing.loads(request.POST.get(FIELD, ""), salt=SALT)
    except signing.BadSignature:
        return False
    encoded = request.POST.urlencode()
    if len(encoded) > LONGEST_BYTES:
        return False
    request.session[SESSION_KEY] = {"writer": writer, "path": request.path, "text": encoded}
    return True


def is_waiting(request: HttpRequest) -> bool:
    """Say whether kept text waits for a sign-in."""
    return SESSION_KEY in request.session


def take_back(request: HttpRequest) -> QueryDict | None:
    """Return the text kept for this person and this page, once; None when there is none."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["writer"] != request.user.pk or kept["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    return QueryDict(kept["text"])
