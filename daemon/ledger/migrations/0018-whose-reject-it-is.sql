-- Why     What a clock sent over HTTP is read again by that clock's own make, which no topic names.
-- Before  Only what came on topics could be taken in after all.

alter table reject add column device text;  -- the clock; null = the topic says it, or nobody knows
