-- The next number for a pool that is founded by hand, under the chain's lock, and the moment. Rows of pools stay for
-- ever, so no number comes back.
SELECT %(first)s + count(*), (SELECT instant FROM market.moment) FROM market.pools
