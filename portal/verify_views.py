"""The check of a printed letter, without an account: by its code, its number and date, or its file.

Nothing of what is sent is kept; nothing is listed.
"""

import hashlib
from typing import Any

from allauth.core.internal.ratelimit import consume
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from office.printing import unkept
from portal import letter_checks
from portal.letter_checks import Found, Told
from replies.forms import DATE_FORMATS

RATE = {"verify": "30/m/ip"}  # against guessing
MOST_MB = 10
show_or_check = require_http_methods(["GET", "HEAD", "POST"])


class NumberForm(forms.Form):
    """What stands on the paper."""

    number = forms.CharField(
        label=_("Document number"),
        max_length=60,
        help_text=_("As it is printed, for example 君民复字〔2021〕6号 with any brackets."),
    )
    dated = forms.DateField(
        label=_("Date under the letter"),
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Give the date as it stands in the letter, such as 2021-05-25.")},
    )


class FileForm(forms.Form):
    """A PDF to compare: only its digest is computed."""

    file = forms.FileField(
        label=_("The PDF that you were given"),
        help_text=_("At most 10 MB. It is compared and thrown away at once."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"empty": _("This file is empty.")},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MB * 1024 * 1024:
            raise forms.ValidationError(_("This file is larger than 10 MB: no letter of ours is."))
        return file

    def digest(self) -> str:
        """Return the SHA-256 of the file, read piece by piece; the file is closed and gone afterwards."""
        found = hashlib.sha256()
        with self.cleaned_data["file"] as file:
            for piece in file.chunks():
                found.update(piece)
        return found.hexdigest()


@login_not_required
@show_or_check
@unkept
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for number and date, or for a file; tell what they are."""
    if request.method == "POST" and not _allowed(request):
        return _too_often(request)
    by_file = bool(request.FILES) or request.POST.get("ask") == "file"
    posted = request.method == "POST"
    numbers = NumberForm(request.POST if posted and not by_file else None)
    files = FileForm(request.POST, request.FILES) if posted and by_file else FileForm()
    context: dict[str, Any] = {"numbers": numbers, "files": files}
    if posted and not by_file and numbers.is_valid():
        context |= {"letters": letter_checks.by_number(**numbers.cleaned_data), "by_number": True}
    if posted and by_file and files.is_valid():
        context["found"] = letter_checks.by_file(files.digest())
    return render(request, "portal/verify.html", context, status=_status(numbers, files))


@login_not_required
@show_or_check
@unkept
def verify_letter(request: HttpRequest, code: str) -> HttpResponse:
    """Tell of the letter that its printed code leads to; compare a file with it."""
    if not _allowed(request):
        return _too_often(request)
    try:
        told = letter_checks.by_code_or_404(code)
    except Http404:
        return render(request, "portal/verify_unknown.html", status=404)
    posted = request.method == "POST"
    files = FileForm(request.POST, request.FILES) if posted else FileForm()
    context: dict[str, Any] = {"told": told, "files": files}
    if posted and files.is_valid():
        found = letter_checks.by_file(files.digest())
        context |= {"found": found, "compared": _compared(found, told)}
    return render(request, "portal/verify_letter.html", context, status=_status(files))


def _compared(found: Found, told: Told) -> str:
    """What an uploaded file is to the letter in question: same, copy, public, other or none."""
    if found.told is None:
        return "none"
    if found.told.key != told.key:
        return "other"
    if found.kind == "public":
        return "public"
    return "same" if found.told.digest == told.digest else "copy"


def _status(*asked: forms.Form) -> int:
    return 422 if any(form.is_bound and not form.is_valid() for form in asked) else 200


def _allowed(request: HttpRequest) -> bool:
    return bool(consume(request, app="portal", action="verify", config=RATE, limit_get=True))


def _too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)
