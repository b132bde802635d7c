ARG PYTHON_VERSION=3.12
ARG PYTHON_DIGEST=

FROM python:${PYTHON_VERSION}-slim${PYTHON_DIGEST} AS build
ARG LOCK=runtime
COPY requirements/${LOCK}.txt /build/lock.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/python -m pip install --no-cache-dir --require-hashes -r /build/lock.txt

FROM python:${PYTHON_VERSION}-slim${PYTHON_DIGEST}
RUN groupadd --gid 10001 casereview \
 && useradd --uid 10001 --gid 10001 --create-home --home-dir /var/lib/casereview casereview \
 && chmod 700 /var/lib/casereview
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY domain domain
COPY policies policies
COPY workflows workflows
COPY activities activities
COPY register register
COPY connection connection
COPY letters letters
COPY post post
COPY office office
COPY console console
COPY templates templates
COPY starter starter
COPY worker.py worker.py
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CASEREVIEW_HOME=/var/lib/casereview
USER casereview
CMD ["python", "worker.py"]
