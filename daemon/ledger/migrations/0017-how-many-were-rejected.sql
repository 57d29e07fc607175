-- Why     How long the reject list is was asked every minute, and at every reading of the metrics.
-- Before  All of it was counted each time: seconds, where one device had filled it.

create table reject_count (
  hall  text primary key,
  kinds integer not null,
  times integer not null
) strict, without rowid;
insert into reject_count (hall, kinds, times) select hall, count(*), sum(times) from reject group by hall;

-- Here, so that what a transaction takes back is not counted.
create trigger reject_came after insert on reject begin
  insert into reject_count (hall, kinds, times) values (new.hall, 1, new.times)
    on conflict (hall) do update set kinds = kinds + 1, times = times + excluded.times;
end;
create trigger reject_came_again after update of times on reject begin
  update reject_count set times = times + new.times - old.times where hall = new.hall;
end;
create trigger reject_went after delete on reject begin
  update reject_count set kinds = kinds - 1, times = times - old.times where hall = old.hall;
end;
