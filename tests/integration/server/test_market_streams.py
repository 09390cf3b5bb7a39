"""Quotes and prices as they move, and orders that are bound to a quote."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from fillwire.v1 import market_service_pb2 as pb
from fillwire.v1 import order_pb2, order_service_pb2
from fillwire.v1.route_pb2 import RoutingOptions
from fillwire_dex.simulated import FaultKind, SimulatedMarket, open_market
from fillwire_orders import Pool
from fillwire_server import quotes
from tests.integration.dex.trader import trade
from tests.integration.server.calls import refused

if TYPE_CHECKING:
    from fillwire.v1.market_service_pb2_grpc import MarketServiceAsyncStub
    from fillwire.v1.order_service_pb2_grpc import OrderServiceAsyncStub
