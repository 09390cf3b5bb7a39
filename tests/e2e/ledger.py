"""What the simulated venues themselves have on their books; the engine's word is not asked."""

from collections.abc import Collection

from fillwire_orders import open_pool

__all__ = ["landed_by_order", "swapped_once"]


async def landed_by_order(database_url: str) -> dict[str, int]:
    """How many transactions of each order have landed; an order without any is not there."""
    pool = await open_pool(database_url, max_size=1)
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT split_part(reference, ':', 1), count(*) FROM market.transactions WHERE status = 'landed' GROUP BY 1"
        )
        landed: dict[str, int] = dict(await cursor.fetchall())
    await pool.close()
    return landed


async def swapped_once(database_url: str, order_ids: Collection[str]) -> bool:
    """Whether each of these orders has one landed transaction, and nobody else has any."""
    return await landed_by_order(database_url) == dict.fromkeys(order_ids, 1)
