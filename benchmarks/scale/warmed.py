"""Everything a task imports, imported beforehand: what that costs is a figure of its own, not part of each step."""

from __future__ import annotations

import connectors.bluesky.client
import connectors.facebook_page.client
import connectors.instagram.client
import connectors.mastodon.client
import connectors.x.client
import connectors.youtube.client  # noqa: F401 - imported to be there
from benchmarks.scale import run
from checks.base import checks

#: The steps, so that nobody takes the imports away.
STEPS = run.STEPS
CHECKS = len(checks())
