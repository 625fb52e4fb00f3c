#!/usr/bin/env bash
# Run once by the PostgreSQL image, when its volume is new: the archive's own database beside Airflow's.
set -euo pipefail
createdb --username "$POSTGRES_USER" --owner "$POSTGRES_USER" --encoding UTF8 --template template0 chapterwatch
