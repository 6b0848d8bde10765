# The image of all five processes of keyledger; which one is the command it is started with.
FROM python:3.11-slim
# The same as in the Makefile.
ARG UV_VERSION=0.13.9
WORKDIR /opt/keyledger
RUN pip install --no-cache-dir uv==${UV_VERSION}
COPY requirements.lock pyproject.toml README.md ./
RUN uv pip install --system --no-cache --require-hashes --requirements requirements.lock
COPY aggregates aggregates
COPY api api
COPY commands commands
COPY events events
COPY projections projections
COPY readmodels readmodels
COPY replay replay
COPY runtime runtime
RUN uv pip install --system --no-cache --no-deps --editable . \
    && useradd --system --home-dir /var/lib/keyledger --create-home keyledger \
    && install --directory --owner keyledger /var/lib/keyledger/replays
USER keyledger
VOLUME /var/lib/keyledger
EXPOSE 8080
ENTRYPOINT ["keyledger"]
CMD ["serve"]
