-- Why     Figures of days are kept beside the ledger; something that becomes known of a day makes those of it void.
-- Before  Every report looked at all of its days again.

-- Of the days from one to another, both included: when something last became known.
create table day_touch (
  hall     text not null,
  from_day integer not null,
  to_day   integer not null,
  at       integer not null,
  primary key (hall, from_day, to_day)
) strict, without rowid;
