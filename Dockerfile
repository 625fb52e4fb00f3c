# Airflow's own slim image, the libraries that draw PDFs, our lock, Chapterwatch's wheel. The tag's version has to be the
# lock's. Every step is a part of deploy/install.sh, which does the same on plain Debian.

# --- what changes with the lock only
FROM apache/airflow:slim-3.3.2-python3.11 AS locked
USER root
WORKDIR /opt/chapterwatch
COPY deploy/install.sh deploy/packages.txt deploy/pip.txt deploy/
RUN bash deploy/install.sh --system \
    && rm -rf /var/lib/apt/lists/* \
    # A named volume takes its owner from the folder it covers.
    && install -d -o airflow -g root -m 0770 /var/lib/chapterwatch /backups
USER airflow
COPY requirements-prod.txt requirements-nudity.txt ./
RUN bash deploy/install.sh --lock
# `NUDITY=yes` where pictures are to be searched for bare bodies, too: some 300 MB more.
ARG NUDITY=""
RUN [ -z "$NUDITY" ] || bash deploy/install.sh --nudity

# --- our wheel, built with the lock's own tools: nothing is fetched
FROM locked AS wheel
COPY . .
RUN bash deploy/install.sh --wheel /tmp/wheel

# --- what runs: no source tree, nothing that user could change
FROM locked
RUN --mount=type=bind,from=wheel,source=/tmp/wheel,target=/tmp/wheel \
    bash deploy/install.sh --package "$(ls /tmp/wheel/*.whl)"
COPY deploy deploy
WORKDIR ${AIRFLOW_HOME}
# dumb-init reaps what a worker leaves behind, and hands signals on.
ENTRYPOINT ["/usr/bin/dumb-init", "--", "/opt/chapterwatch/deploy/enter.sh"]
CMD ["api-server"]
