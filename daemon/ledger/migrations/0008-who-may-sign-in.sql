-- Why     Names, cases and settings are not for everybody: people sign in, machines and screens are known (docs/decisions/0011-access.md).
-- Before  The pages knew nobody and named nobody.

-- Lists are JSON. Of passwords, sessions, tokens and links only what checks them is kept, never what is typed or sent.
create table account (
  name        text primary key,   -- what is typed at sign-in: NFKC, lower case
  display     text not null,
  roles       text not null,
  employee    text,               -- who in the plan they are
  departments text not null,      -- those that a chief answers for
  hash        text,               -- the password's, with its parameters; null = none was set yet
  disabled_at integer,
  made_at     integer not null
) strict, without rowid;

create table session (
  digest     blob primary key,    -- SHA-256 of what the cookie says
  account    text not null references account (name) on delete cascade,
  made_at    integer not null,
  seen_at    integer not null,    -- within some minutes
  expires_at integer not null
) strict, without rowid;
create index session_of_account on session (account);

-- One-time links with which a password is set; without an account, the link that makes the first one.
create table invitation (
  digest     blob primary key,
  account    text references account (name) on delete cascade,
  expires_at integer not null
) strict, without rowid;

create table token (
  number      integer primary key,
  name        text not null,
  digest      blob not null unique,
  roles       text not null,
  employee    text,
  departments text not null,
  made_by     text not null,
  made_at     integer not null,
  expires_at  integer,            -- null = until it is revoked
  used_at     integer,            -- within some minutes
  revoked_at  integer
) strict;

create table screen (
  number     integer primary key,
  name       text not null,
  link       blob unique,         -- null once it was followed
  link_until integer not null,
  cookie     blob unique,         -- null before
  made_by    text not null,
  made_at    integer not null,
  taken_at   integer,
  seen_at    integer,             -- within some minutes
  revoked_at integer
) strict;

-- Who signed in, and who changed what about who may. Each row's hash holds the one before.
create table access_log (
  seq     integer primary key,
  at      integer not null,
  who     text,                   -- null = nobody known
  what    text not null,
  about   text,                   -- an account, a token, a screen
  address text,
  detail  text not null,          -- JSON
  hash    blob not null
) strict;
create trigger access_log_kept before delete on access_log begin select raise(abort, 'the access log is only added to'); end;
create trigger access_log_fixed before update on access_log begin select raise(abort, 'the access log is only added to'); end;
