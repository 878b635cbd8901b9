"""Who may declare an issued letter void, and who may begin the one that puts it right."""

from django.core.exceptions import PermissionDenied

from organizations.models import Post, Role
from proposals.workflow import AssignmentState
from replies import policies
from replies.models import IssuedLetter, Reply

VOIDING = (Role.LEADER, Role.SEALKEEPER)


def may_void(post: Post, letter: IssuedLetter) -> bool:
    """The bureau's leaders and its seal keeper declare a letter void."""
    return post.role in VOIDING and post.bureau_id == letter.bureau_id


def may_correct(post: Post, letter: IssuedLetter) -> bool:
    """The bureau's clerks write the letter that puts another right."""
    return post.role == Role.CLERK and post.bureau_id == letter.bureau_id


def can_be_corrected(letter: IssuedLetter) -> bool:
    """Say whether the letter is the last word of its bureau and nothing is being written in its place."""
    part = letter.reply.assignment
    is_last = part.state == AssignmentState.REPLIED and part.round == letter.reply.round
    return is_last and not Reply.objects.filter(corrects=letter).exists()


def require_void(post: Post, letter: IssuedLetter) -> None:
    """Raise PermissionDenied unless the post may declare this letter void."""
    if not may_void(post, letter):
        raise PermissionDenied


def require_correct(post: Post, letter: IssuedLetter) -> None:
    """Raise PermissionDenied unless the post may begin a correction of this letter."""
    if not may_correct(post, letter):
        raise PermissionDenied


def letter_to_void_or_404(post: Post, pk: int) -> IssuedLetter:
    """Return a letter that this post may declare void: Http404 for what one may not know of, else PermissionDenied."""
    letter = policies.letter_or_404(post, pk)
    require_void(post, letter)
    return letter


def letter_to_correct_or_404(post: Post, pk: int) -> IssuedLetter:
    """Return a letter that this post may put right."""
    letter = policies.letter_or_404(post, pk)
    require_correct(post, letter)
    return letter
