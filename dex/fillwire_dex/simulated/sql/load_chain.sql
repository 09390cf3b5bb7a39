-- What a market needs to know of its chain when it is opened.
SELECT seed, valid_slots FROM market.chain
