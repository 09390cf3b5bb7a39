-- Ends the leases of a courier.
UPDATE fillwire.webhooks SET courier = NULL, lease_until = NULL WHERE courier = %(courier)s
