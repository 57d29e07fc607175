-- Why     People are told when it is time for them, several things at once, and of the end of what they were told of.
-- Before  Everybody was told everything at the instant at which the hall's topic was.

-- One row a verdict and channel of people: what is to be said to them and when, and whether they know of it.
create table errand (
  hall    text not null,
  channel text not null,        -- of one for persons: its id, a slash and the person
  verdict text not null,        -- its key
  alert   text not null,
  told    text,                 -- the verdict as they know it; null = they know nothing
  op      text,                 -- what is to be said; null = nothing
  holds   text,                 -- the verdict that it is said of
  due_at  integer,
  live    integer not null,     -- 1 = somebody may still act on it, 0 = it goes with a digest
  primary key (hall, channel, verdict)
) strict, without rowid;
create index errand_due on errand (hall, channel, due_at) where due_at is not null;
create index errand_of_verdict on errand (hall, verdict);
create index errand_of_alert on errand (hall, alert) where due_at is not null;
