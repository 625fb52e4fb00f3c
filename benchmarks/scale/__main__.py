"""`python -m benchmarks.scale --chapters 30 100 300`: measure, print a table, and with --write put it into the docs."""

from __future__ import annotations

import argparse
import json
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.scale import page, run

RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Measure the sizes asked for."""
    given = _parser().parse_args()
    for chapters in given.chapters:
        with tempfile.TemporaryDirectory(prefix="scale") as folder:
            home = given.home or Path(folder)
            found = run.measure(
                chapters,
                home=home,
                database=given.database,
                speed=given.speed,
                months=given.months,
                steps=given.steps,
                say=lambda line: print(line, flush=True),  # noqa: T201 - the command's answer
                keep=partial(_keep, path=given.json) if given.json else lambda _: None,
            )
        print(page.blocks([{**found, "database": "sqlite", "months": 3}])["steps"], flush=True)  # noqa: T201 - as above
    if given.write:
        page.write(json.loads((given.json or RESULTS).read_text(encoding="utf-8")))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--chapters", type=int, nargs="*", default=[], help="sizes to measure")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--speed", type=float, default=10.0, help="how much faster platforms answer and forget limits")
    parser.add_argument("--months", type=int, default=3, help="months of posts in the archive")
    parser.add_argument("--steps", nargs="*", choices=(*run.STEPS, *run.APART), default=run.STEPS)
    parser.add_argument("--home", type=Path, help="keep what is made here")
    parser.add_argument("--write", action="store_true", help="fill docs/scale.md from the figures kept")
    parser.add_argument("--json", type=Path, help="add the figures to this file")
    return parser


def _keep(found: dict[str, Any], path: Path) -> None:
    """Put a measurement into the file of figures, each step in the place of an earlier one of the same kind."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    others = [one for one in known if any(one[name] != found[name] for name in ("chapters", "database", "months"))]
    before = next((one["steps"] for one in known if one not in others), {})
    both = {**found, "steps": {**before, **found["steps"]}}
    path.write_text(json.dumps([*others, both], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
