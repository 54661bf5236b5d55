# syntax=docker/dockerfile:1
# `make test-container` builds and runs it (docs/setup.md).

FROM swift:6.2-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq-dev libssl-dev libhiredis-dev libdeflate-dev libproj-dev libsqlite3-dev libexpat1-dev libxgboost-dev libpango1.0-dev zlib1g-dev librdkafka-dev libmosquitto-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# The dependencies first: they change more seldom than the code, and their layer is kept.
COPY Package.swift ./
RUN swift package resolve
COPY Sources Sources
# Package.swift names the test targets, so their folders must exist.
COPY Tests Tests
COPY scripts scripts
# The folder .git is not in the context: docker build --build-arg HEXTANT_COMMIT="$(git rev-parse --short=12 HEAD)" .
ARG HEXTANT_COMMIT
RUN scripts/build && install -D .build/release/hextant /out/bin/hextant

FROM debian:bookworm-slim AS vendor
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3-pip unzip \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY scripts scripts
COPY static static
RUN scripts/vendor

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 libssl3 libhiredis0.14 libdeflate0 libproj25 proj-data libsqlite3-0 libexpat1 libxgboost0 libpangocairo-1.0-0 fonts-dejavu-core zlib1g librdkafka1 libmosquitto1 tzdata ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin hextant
COPY --from=build /out/bin/hextant /usr/local/bin/hextant
COPY --from=vendor /source/static /usr/local/share/hextant/static
COPY sql /usr/local/share/hextant/sql
COPY migrations /usr/local/share/hextant/migrations
COPY mappings /usr/local/share/hextant/mappings
COPY feeds /usr/local/share/hextant/feeds
USER 10001
EXPOSE 8080
# The image has no curl; bash speaks enough HTTP for this. It ends by itself, since not every engine ends a check that
# takes too long.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["timeout", "4", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /v1/health/live HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["hextant"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
