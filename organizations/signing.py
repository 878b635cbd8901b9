"""What a signature needs of the person who gives it: a second factor, and a proof just before.

The page asks (proof_views); the service refuses (`require`). Nothing here knows what is signed.
"""

from django.utils.translation import gettext as _

from accounts.second_factor import has_second_factor
from office.workflow import Refused
from organizations.models import Post, Role

SIGNING_ROLES = (Role.LEADER, Role.SEALKEEPER)


def lacks_factor(post: Post) -> bool:
    """Say whether the person of this post has to set up a second factor before signing or issuing."""
    needed = post.role in SIGNING_ROLES and post.assembly.needs_second_factor
    return needed and not has_second_factor(post.user)


def is_relaxed(post: Post) -> bool:
    """Say whether this post signs or issues without a second factor, as its assembly only tries things out."""
    return post.role in SIGNING_ROLES and not post.assembly.needs_second_factor


def require(post: Post, proof: str) -> None:
    """Refuse a signature by somebody without the second factor, or without a proof, where both are needed.

    `proof`: how the person proved who they are just before (accounts.second_factor.proven_by).
    """
    if post.role not in SIGNING_ROLES or is_relaxed(post):
        return
    if lacks_factor(post):
        raise Refused(_("First set up a second factor for your sign-in: this act needs it."))
    if not proof:
        raise Refused(_("Prove once more that it is you: type your password, then do it again."))


def facts_of(proof: str) -> dict[str, str]:
    """Return what the log keeps of a proof; nothing where a command on the server acts."""
    return {"proof": proof} if proof else {}
