-- For how many slots a new transaction can land.
UPDATE market.chain SET valid_slots = %(slots)s
