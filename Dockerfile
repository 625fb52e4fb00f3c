# Airflow's own slim image, the libraries that draw PDFs, our lock, Chapterwatch. The tag's version has to be the lock's.
FROM apache/airflow:slim-3.3.2-python3.11

USER root
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    # A named volume takes its owner from the folder it covers.
    && install -d -o airflow -g root -m 0770 /var/lib/chapterwatch

USER airflow
COPY --chown=airflow:root requirements-prod.txt /opt/chapterwatch/
RUN pip install --no-cache-dir --require-hashes -r /opt/chapterwatch/requirements-prod.txt

COPY --chown=airflow:root . /opt/chapterwatch
# The build tools come with the lock, so nothing unpinned is fetched.
RUN pip install --no-cache-dir --no-build-isolation --no-deps /opt/chapterwatch \
    && rm -rf "${AIRFLOW_HOME}/dags" \
    && cp -r /opt/chapterwatch/dags "${AIRFLOW_HOME}/dags"
