-- Disarms everything.
DELETE FROM market.faults
