-- Why     Whoever changes, removes, adds or reorders what was recorded has to be found out (docs/decisions/0007-chain.md).
-- Before  Facts and history could be edited in the file without a trace. From here on no migration may rewrite them.

-- One link a commit of a hall: which rows it kept, what they said, and what came before.
create table chain (
  hall        text not null,
  number      integer not null,   -- from 1, without gaps
  origin      text not null check (origin in ('commit', 'adopted')),  -- adopted: the rows were there before the chain was
  fact_from   integer,            -- first and last `seq` of its facts; null = none
  fact_to     integer,
  change_from integer,
  change_to   integer,
  purge_from  integer,
  purge_to    integer,
  digests     blob not null,      -- 16 bytes a row: of the SHA-256 of its salt and what it says
  salts       blob not null,      -- 16 bytes a row, zero once the row is purged
  hash        blob not null,      -- SHA-256 of all of the above but the salts, and of the hash of the link before
  primary key (hall, number)
) strict;

-- Where each chain ends: a tail that is cut off is missed.
create table chain_end (
  hall   text primary key,
  number integer not null,
  hash   blob not null
) strict, without rowid;

-- What was taken out of the ledger for good: its digest stays in its link.
create table purge (
  seq  integer primary key,
  hall text not null,
  at   integer not null,
  kind text not null check (kind in ('fact', 'change')),
  row  integer not null,
  unique (kind, row)
) strict;

-- Rows from before the chain, up to which they are chained when the ledger is opened next.
create table chain_debt (
  hall text not null,
  kind text not null check (kind in ('fact', 'change')),
  upto integer not null,
  primary key (hall, kind)
) strict, without rowid;
insert into chain_debt select hall, 'fact', max(seq) from fact group by hall;
insert into chain_debt select hall, 'change', max(seq) from change group by hall;
