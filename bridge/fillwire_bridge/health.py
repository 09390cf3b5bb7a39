"""Health as supervisors and load balancers ask for it over HTTP."""

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from fillwire_bridge.contract import HEALTH
from fillwire_bridge.parts import Parts

__all__ = ["routes"]

_CHECK = HEALTH["Health/Check"]
_SECONDS = 2.0


def routes(parts: Parts) -> list[BaseRoute]:
    """`/healthz`: the process lives; `/readyz`: it may be sent callers, else 503."""

    async def alive(_: Request) -> Response:
        return _says("ALIVE")

    async def ready(_: Request) -> Response:
        if parts.draining.is_set():
            return _says("DRAINING", code=503)
        status = await _engine(parts)
        return _says(status, code=200 if status == "SERVING" else 503)

    return [Route("/healthz", alive), Route("/readyz", ready)]


async def _engine(parts: Parts) -> str:
    try:
        with parts.upstream.ask(_CHECK, HealthCheckRequest().SerializeToString(), timeout=_SECONDS) as call:
            answer = HealthCheckResponse.FromString(await call)
    except grpc.aio.AioRpcError as error:
        return error.code().name
    return HealthCheckResponse.ServingStatus.Name(answer.status)


def _says(status: str, *, code: int = 200) -> Response:
    return JSONResponse({"status": status}, code, headers={"cache-control": "no-store"})
