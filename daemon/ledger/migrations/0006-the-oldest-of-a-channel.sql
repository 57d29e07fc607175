-- Why     After every commit the oldest waiting message of each channel is looked for; thousands may wait.
-- Before  All that waited were compared with each other.

create index outbox_first on outbox (hall, channel, seq) where next_at is not null;
