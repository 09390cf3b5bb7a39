"""Examples for the main calls; a test sees that each fits its schema."""

from typing import Any, Final

__all__ = ["BODIES", "PARAMETERS"]

_LIMIT: Final = {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1500000000", "limit": {"limitPrice": "250"}}

BODIES: Final[dict[str, dict[str, Any]]] = {
    "submitOrder": {
        "market": {
            "summary": "Swap 1.5 SOL now, at most 0.5 % worse than quoted",
            "value": {
                "spec": {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1500000000", "slippageBps": 50},
                "requestId": "8f6c1f0e-2d0e-4b39-9d0f-6a1f4c1f9b11",
            },
        },
        "limit": {"summary": "Swap 1.5 SOL when they give 375 USDC", "value": {"spec": _LIMIT}},
        "dry": {
            "summary": "Check everything, store nothing",
            "value": {
                "spec": {"tokenIn": "SOL", "tokenOut": "USDC", "amountOut": "10000000", "slippageBps": 50},
                "validateOnly": True,
            },
        },
    },
    "submitAndWatchOrder": {
        "market": {
            "summary": "Swap 1.5 SOL now, and see it happen",
            "value": {
                "order": {"spec": {"tokenIn": "SOL", "tokenOut": "USDC", "amountIn": "1500000000", "slippageBps": 50}}
            },
        }
    },
    "replaceOrder": {
        "limit": {
            "summary": "Another price",
            "value": {"spec": {**_LIMIT, "limit": {"limitPrice": "240"}}, "ifLastSeq": "2"},
        }
    },
    "cancelAllOrders": {"pair": {"summary": "Those of one pair", "value": {"tokenIn": "SOL", "tokenOut": "USDC"}}},
    "cancelAllOrdersAfter": {
        "set": {"summary": "In 30 s, unless it is set again", "value": {"timeout": "30s"}},
        "off": {"summary": "Take the switch off", "value": {"timeout": "0s"}},
    },
    "createWebhook": {
        "ends": {
            "summary": "Final events alone",
            "value": {
                "url": "https://example.com/hook",
                "statuses": [
                    "ORDER_STATUS_CONFIRMED",
                    "ORDER_STATUS_FAILED",
                    "ORDER_STATUS_CANCELLED",
                    "ORDER_STATUS_EXPIRED",
                ],
            },
        }
    },
    "updateWebhook": {"off": {"summary": "Switch it off", "value": {"enabled": False}}},
}
"""Of bodies, by operation."""

_SWAP: Final = {"token_in": "SOL", "token_out": "USDC", "amount_in": "1500000000"}

PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "getQuote": _SWAP,
    "streamQuotes": {**_SWAP, "min_interval": "0.5s"},
    "watchPrices": {"pairs": ["SOL/USDC"]},
    "listOrders": {"statuses": ["ORDER_STATUS_CONFIRMED"], "page_size": 10},
}
"""Of parameters, by operation and name."""
