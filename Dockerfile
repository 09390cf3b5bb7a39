# One image for every process of the engine; which one it is says its command: serve, bridge, worker, sweeper, triggers, courier or migrate.

FROM python:3.13-slim-bookworm AS build
WORKDIR /src
# The lock names versions and hashes; nothing else gets in.
COPY requirements.lock ./
RUN python -m venv /app && /app/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /app/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim-bookworm
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
STOPSIGNAL SIGTERM
EXPOSE 50051 8080
ENTRYPOINT ["fillwire"]
CMD ["serve"]
