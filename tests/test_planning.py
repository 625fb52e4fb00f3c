"""Planning a night is asked for every platform, so it has to stay cheap."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

PLAN = """
import json, sys
from chapterwatch import airflow_glue as glue
keys = [account.key for account in glue.accounts_on("x")]
print(json.dumps([keys, [name for name in ("pandas", "weasyprint") if name in sys.modules]]))
"""


def test_planning_a_night_loads_neither_pandas_nor_the_press(tmp_path: Path) -> None:
    """Each would cost a worker two CPU-seconds a platform, which asking for accounts does not need."""
    environment = os.environ | {
        "AIRFLOW_HOME": str(tmp_path),
        "CHAPTERWATCH_REGISTRY": str(ROOT / "sample" / "registry.yml"),
    }
    done = subprocess.run(
        [sys.executable, "-c", PLAN], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    keys, loaded = json.loads(done.stdout.splitlines()[-1])

    assert "x:4420010011" in keys
    assert [] == loaded
