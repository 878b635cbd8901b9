"""What every test may use."""

import os
from urllib.parse import urlsplit


def pytest_report_header() -> str:
    """Say which database the run is about: both logs look the same otherwise."""
    return f"database: {urlsplit(os.environ.get('DATABASE_URL', 'sqlite://')).scheme}"
