-- Which of these signatures were taken in before.
SELECT signature FROM market.transactions WHERE signature = ANY (%(signatures)s::text[])
