-- Why     Of each picture it has to be provable that it is the one that was taken, who looked at it, and why it is gone (docs/decisions/0010-evidence.md).
-- Before  No picture was kept.

-- Appended only. What was noted of a picture: that it was taken, or why there is none; that somebody looked at it; that it was removed.
create table evidence (
  seq      integer primary key,
  hall     text not null,
  at       integer not null,
  what     text not null check (what in ('taken', 'missing', 'viewed', 'removed')),
  picture  text not null,
  body     text not null,       -- JSON: see daemon/evidence/evidence-book.ts
  link     text not null,       -- the newest link of the hall's chain, number:hash, or nothing
  hash     text not null,       -- SHA-256, base 16, of all of the above and of the hash of the hall's row before
  verdict  text    generated always as (body ->> '$.key') virtual,
  case_id  text    generated always as (body ->> '$.case') virtual,
  taken_at integer generated always as (body ->> '$.takenAt') virtual
) strict;
create index evidence_of_picture on evidence (hall, picture, seq);
create index evidence_of_verdict on evidence (hall, verdict) where verdict is not null;
create index evidence_of_case on evidence (hall, case_id) where case_id is not null;
create index evidence_of_time on evidence (hall, taken_at) where taken_at is not null;

-- How far each hall's rows went: a tail that is cut off is missed.
create table evidence_end (
  hall text primary key,
  seq  integer not null,
  hash text not null
) strict, without rowid;

-- Pictures whose files are to be there: what was taken and not removed.
create table evidence_file (
  picture  text primary key,
  hall     text not null,
  seq      integer not null,
  taken_at integer not null
) strict, without rowid;
create index evidence_file_by_time on evidence_file (hall, taken_at);
