-- Why     A punch of a clock of some make must be traceable to what the device sent: its digest, and the keys that may be kept.
-- Before  Only our own JSON came in, all of whose keys are in the fact.

alter table fact add column original text;  -- JSON, chained with its row; null = the fact says all that was said

-- What was wrong with a device, and when; for installers. Since it is no evidence it is not chained.
create table device_fault (
  seq    integer primary key,
  hall   text not null,
  device text not null,
  code   text not null,
  detail text not null,
  since  integer not null,
  until  integer             -- null = it still is
) strict;
create index device_fault_by_device on device_fault (hall, device, since);
