-- Whether prices move by themselves.
UPDATE market.chain SET motion = %(motion)s
