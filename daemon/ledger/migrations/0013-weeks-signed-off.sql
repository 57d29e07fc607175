-- Why     A chief signs the department's week off, and proposes what to do with a case of it; each is asked for with the week.
-- Before  Every fact would have been looked at.

create index fact_of_week on fact (hall, body ->> '$.department', body ->> '$.week') where kind in ('sign-off', 'remark');
