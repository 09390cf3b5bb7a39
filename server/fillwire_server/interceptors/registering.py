"""Puts a servicer behind the layers, method by method as the contract lists them."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import reduce
from typing import Any

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from fillwire_server.interceptors.call import Call, Context, Layer, Method, Step
from fillwire_server.refusals import NotServed

__all__ = ["handlers"]

_Entry = Callable[[Any, Context], Awaitable[Any]]


def handlers(service: str, servicers: Sequence[object], layers: Sequence[Layer]) -> grpc.GenericRpcHandler:
    """Handlers for all methods of a service, given by its full name in the contract.

    The methods may be spread over several servicers; one that none of them has answers that it is not served.
    """
    methods = descriptor_pool.Default().FindServiceByName(service).methods
    return grpc.method_handlers_generic_handler(
        service, {each.name: _handler(_method(each), _behaviour(each.name, servicers), layers) for each in methods}
    )


def _behaviour(name: str, servicers: Sequence[object]) -> Any:
    """The method of the first servicer that has it.

    One that is no coroutine or asynchronous generator was left to a generated base class, and counts for none.
    """
    for servicer in servicers:
        behaviour = getattr(servicer, name, None)
        if inspect.iscoroutinefunction(behaviour) or inspect.isasyncgenfunction(behaviour):
            return behaviour
    return None


def _method(descriptor: MethodDescriptor) -> Method:
    return Method(
        service=descriptor.containing_service.full_name,
        name=descriptor.name,
        request=GetMessageClass(descriptor.input_type),
        response=GetMessageClass(descriptor.output_type),
        streams_requests=descriptor.client_streaming,
        streams_responses=descriptor.server_streaming,
    )


def _handler(method: Method, behaviour: Any, layers: Sequence[Layer]) -> "grpc.RpcMethodHandler[Any, Any]":
    step = reduce(lambda inner, layer: layer(method, inner), reversed(layers), _innermost(method, behaviour))

    async def enter(request: Any, context: Context) -> Any:
        call = Call(context, request)
        await step(call)
        return call.response

    shape = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }[method.streams_requests, method.streams_responses]
    # Without a deserializer the handler gets the bytes: gRPC's own answer to bad ones is UNKNOWN and names our classes.
    return shape(enter, None, method.response.SerializeToString)


def _innermost(method: Method, behaviour: Any) -> Step:
    if inspect.isasyncgenfunction(behaviour):

        async def stream(call: Call) -> None:
            # Closed here and now, not when the garbage collector comes by: a watch holds a subscription.
            async with aclosing(behaviour(call.request, call.context)) as frames:
                async for frame in frames:
                    await call.context.write(frame)

        return stream

    if inspect.iscoroutinefunction(behaviour):

        async def answer(call: Call) -> None:
            call.response = await behaviour(call.request, call.context)

        return answer

    async def refuse(_call: Call) -> None:
        raise NotServed(method.path)

    return refuse
