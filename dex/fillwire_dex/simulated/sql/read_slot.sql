-- The slot of this moment.
SELECT slot FROM market.moment
