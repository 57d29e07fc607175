-- Why     The time series is a projection: kept here, shipped from a cursor, and never the truth.
-- Before  Nothing.

create table series (
  seq         integer primary key,   -- a rewrite takes the next one, so that a cursor finds the point again
  hall        text not null,
  measurement text not null,
  tags        text not null,
  at          integer not null,
  fields      text not null,
  rev         integer not null
) strict;
-- By time first: what comes in order of time goes to one place.
create unique index series_point on series (hall, at, measurement, tags);

-- Points that the store refuses, with its reason.
create table series_parked (
  seq     integer primary key,
  because text not null
) strict;
