"""Shape of a passage that is kept as a phrase straight from the drafting desk."""

from typing import Any

from django import forms

from organizations.forms import PhraseForm
from organizations.models import Phrase, Post


class KeepForm(PhraseForm):
    """The marked text with a name, inside the form of the draft: nothing here holds the draft up."""

    use_required_attribute = False

    class Meta(PhraseForm.Meta):
        fields = ["title", "group", "text"]
        widgets = {"text": forms.Textarea({"rows": 4})}

    def __init__(self, data: Any = None, *, post: Post) -> None:
        new = Phrase(bureau=post.bureau)
        super().__init__(data, instance=new, assembly=post.assembly, prefix="phrase")

    def _show_examples(self, bureau: Any) -> None:
        """The desk shows how a phrase reads by the draft itself."""
