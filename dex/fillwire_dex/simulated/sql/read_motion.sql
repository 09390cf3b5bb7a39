-- Whether prices move by themselves.
SELECT motion FROM market.chain
