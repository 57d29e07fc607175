-- Why     Facts are appended and never changed; everything else in here follows from them or is a cursor.
-- Before  Nothing.

create table setting (
  name  text primary key,
  value text not null
) strict, without rowid;

-- What is known. `body` is the fact without its provenance, instants as milliseconds.
create table fact (
  seq         integer primary key,
  hall        text not null,
  id          text not null,
  kind        text not null,
  at          integer not null,   -- `at`, or `from`, or the start of its date (UTC): to find a day again
  recorded_at integer not null,   -- never decreases
  person      text,               -- by whom
  via         text,               -- through which door
  claimed_at  integer,            -- the recordedAt that an imported line claimed
  body        text not null
) strict;
create unique index fact_by_id on fact (hall, id);
create index fact_of_day on fact (hall, at) where kind in ('punch', 'presence');
create index fact_of_stretch on fact (hall, seq) where kind not in ('punch', 'presence');

-- What was said, and when and why: the history of verdicts.
create table change (
  seq     integer primary key,
  hall    text not null,
  at      integer not null,
  op      text not null check (op in ('open', 'revise', 'close', 'retract')),
  key     text not null,
  day     integer not null,
  cause   text not null,
  verdict text not null
) strict;

-- The verdicts that hold.
create table standing (
  hall    text not null,
  key     text not null,
  day     integer not null,
  verdict text not null,
  primary key (hall, key)
) strict, without rowid;
create index standing_of_day on standing (hall, day);

-- What could not be understood, with the reason; the same bytes on the same topic count up.
create table reject (
  digest     text primary key,
  hall       text not null,
  first_at   integer not null,
  last_at    integer not null,
  times      integer not null,
  door       text not null,
  topic      text not null,
  because    text not null,
  payload    blob not null
) strict, without rowid;
create index reject_by_time on reject (hall, last_at);
