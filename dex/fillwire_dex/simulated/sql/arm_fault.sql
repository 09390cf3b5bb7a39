-- Arms a fault; without a number of times it stays until it is cleared.
INSERT INTO market.faults (kind, venue, remaining) VALUES (%(kind)s, %(venue)s, %(times)s)
