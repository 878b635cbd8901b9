"""What the command line says: one sentence for each finding and each reason why something cannot be done.

Finds nothing and prints nothing; what measure finds is worded in measure_words.
"""

from __future__ import annotations

from gongwen.check import Finding
from gongwen.document import LetterError
from gongwen.fonts import MissingGlyphs

_SENTENCES = {
    "missing-glyph": "no font has {char} ({code} {name})",
    "empty-title": "there is no title",
    "empty-addressee": "there is no addressee",
    "empty-body": "there is no body",
    "title-too-long": "the title has {characters} characters, {limit} are the most",
    "letter-too-long": "the letter has {characters} characters, {limit} are the most",
    "unknown-form": "there is no form called {form}",
    "table-too-wide": "a table has {columns} columns, {limit} are the most",
    "bad-picture": "a picture cannot be printed",
    "not-archivable": "the fonts of the attachment {title} are not all embedded, which PDF/A asks for",
    "qr-too-long": "the text of the code in the margin has {bytes} bytes, {limit} are the most",
    "picture-too-large": "a picture has {bytes} bytes, {limit} are the most",
    "too-many-seals": "there are {seals} seals for {issuers} issuers",
    "bad-front-matter": "the front matter cannot be read at line {line}",
    "front-matter-too-long": "the front matter has {characters} characters, {limit} are the most",
    "unknown-key": "the front matter knows no key {key}",
    "duplicate-key": "the front matter gives {key} twice",
    "bad-value": "{key} has a value that it cannot have",
    "file-not-allowed": "{key}: {file} is not in the letter's own folder",
    "no-such-file": "{key}: there is no file {file}",
    "unreadable-file": "{key}: {file} cannot be read",
    "file-too-large": "{key}: {file} is larger than {limit} bytes",
    "not-a-picture": "{key}: {file} is no picture that can be printed",
    "not-text": "{key}: {file} is not UTF-8 text",
    "no-date": "there is no date",
    "no-doc-number": "there is no document number",
    "no-class": "there is no result class",
    "no-disclosure": "nothing says whether the letter may be published",
    "no-contacts": "nobody is named whom one can ask",
    "doc-number-brackets": "the year of {found} stands between 〔 and 〕",
    "doc-number-zero": "the number of {found} begins with a zero",
    "doc-number-di": "{found} is written without 第",
    "doc-number-form": "{found} is not of the form 字〔2021〕6号",
    "date-form": "{found} is written {expected}",
    "heading-skipped": "{found} skips a level, {expected} comes first",
    "heading-misnumbered": "{found} should be {expected}",
    "heading-mark": "{found} is written {expected}",
    "half-width": "{count} half-width marks beside Chinese: {found}",
    "straight-quote": "straight quotes {found} stand beside Chinese",
    "bracket-unclosed": "{found} is never closed by {expected}",
    "bracket-unopened": "{found} closes nothing, {expected} is missing before it",
    "bracket-crossed": "{found} closes what {expected} should close",
    "quote-twice": "a quotation within a quotation: {found} should be {expected}",
    "title-mark-nested": "a name within a name: {found} should be {expected}",
    "marks-doubled": "marks stand twice: {found}",
    "ellipsis-form": "{found} is written ……",
    "dash-form": "{found} is written ——",
    "sentence-end": "the paragraph ends with {found}, not with a mark that ends a sentence",
    "words-doubled": "{found} stands twice",
    "mixed-script": "traditional and simplified characters are mixed: {found} should be {expected}",
    "scraped": "the text seems to be copied from a web page: try repair",
    "you-to-one": "{addressee} is one person: {found} should be {expected}",
    "you-to-many": "{addressee} is more than one: {found} should be {expected}",
    "you-mixed": "您 and 你们 are mixed: {found}",
    "addressee-not-proposer": "{found} is not who made the proposal: {expected}",
    "number-in-title": "the title says number {found}, the proposal is {expected}",
    "number-in-body": "the text says number {found}, the proposal is {expected}",
    "session-in-title": "the title says {found}, the session is {expected}",
    "title-quoted": "the proposal is called {expected}, not {found}",
    "no-opening": "the text does not begin with what was received ({expected})",
    "no-answer-phrase": "the text does not announce the answer ({expected})",
    "no-thanks": "the text does not end with thanks",
    "id-number": "a public letter has the number of an identity card: {found}",
    "mobile-number": "a public letter has a mobile telephone number: {found}",
    "bank-card": "a public letter has the number of a bank account: {found}",
    "mobile-in-contacts": "a public letter names a mobile telephone: {found}",
    "class-a-open": "class {mark} says that all is done, the text says {found}",
    "class-c-done": "class {mark} says that it cannot be done, the text says {found}",
    "class-b-undated": "class {mark} says that it will be done, the text does not say when",
}


def sentence(rule: str, data: dict[str, object]) -> str:
    """The rule's sentence with its facts; a rule without one is named with all that is known."""
    try:
        return _SENTENCES[rule].format_map(data)
    except KeyError:
        return " ".join([rule, *(f"{name}={value}" for name, value in data.items())])


def finding_words(finding: Finding) -> str:
    """What a finding says, without its place."""
    return sentence(finding.rule, finding.data)


def reason(error: BaseException) -> str:
    """Why something could not be done, in one line."""
    if isinstance(error, LetterError):
        said = sentence(error.rule, error.data)
    elif isinstance(error, MissingGlyphs):
        said = f"no font has {error}"
    elif isinstance(error, UnicodeDecodeError):
        said = f"the text is not UTF-8 (byte {error.start + 1}): save it as UTF-8"
    elif isinstance(error, OSError) and error.strerror:
        said = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    elif isinstance(error, MemoryError | RecursionError):
        said = "this is more than can be read"
    else:
        said = str(error)
    return " ".join(said.split()) or type(error).__name__
