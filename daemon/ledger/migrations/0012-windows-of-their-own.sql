-- Why     A window's own PC says what the people there want known; alerts are silenced for a while.
-- Before  Screens were on walls only, and showed every window.

-- The window whose PC it is; null = a screen on a wall.
alter table screen add column window text;

create index fact_of_note on fact (hall, at) where kind in ('note', 'witness');
create index fact_of_silence on fact (hall, at) where kind in ('silence', 'silence-end');
