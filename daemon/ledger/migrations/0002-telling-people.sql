-- Why     People are told of cases, once each change, and of the retraction of what they were told.
-- Before  Nothing was told.

-- A case: what people deal with. Linked cases share an alert and are told together.
create table alert_case (
  id      text primary key,
  hall    text not null,
  alert   text not null,
  family  text not null,
  subject text not null,
  day     integer not null,
  session integer,
  from_at integer not null,
  to_at   integer              -- null = it lasts
) strict, without rowid;
create index case_of_day on alert_case (hall, day, family, subject);

-- One row a verdict that may have to be told: what was told of it, what holds now, and when to compare the two.
create table telling (
  hall    text not null,
  key     text not null,
  case_id text not null references alert_case (id),
  told    text,                 -- the verdict as last told; null = nothing was
  holds   text,                 -- the verdict that holds; null = retracted
  times   integer not null,     -- how many messages have been made of it
  due_at  integer,              -- null = nothing to compare
  primary key (hall, key)
) strict, without rowid;
create index telling_due on telling (hall, due_at) where due_at is not null;

-- Messages on their way out, one row a channel. Kept after delivery: it is the record of who was told what.
create table outbox (
  seq      integer primary key,
  hall     text not null,
  channel  text not null,
  key      text not null,
  alert    text not null,
  made_at  integer not null,
  body     text not null,
  attempts integer not null default 0,
  next_at  integer,             -- null = done or given up
  done_at  integer,
  because  text,                -- why the last attempt failed
  unique (hall, channel, key)
) strict;
create index outbox_due on outbox (hall, next_at) where next_at is not null;
