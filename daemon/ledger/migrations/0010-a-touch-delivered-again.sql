-- Why     A touch may be delivered again with another correction of its time, on another day: only the earliest counts.
-- Before  A day that was read again did not know of deliveries that lay on other days, and could judge otherwise than before.

create index fact_by_device_time on fact (hall, body ->> '$.deviceAt') where kind = 'punch' and body ->> '$.deviceAt' <> at;
