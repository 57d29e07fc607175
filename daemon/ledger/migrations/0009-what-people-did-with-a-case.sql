-- Why     A case is shown with what people did with it, and lists have hundreds of cases.
-- Before  Every fact would have been looked at.

create index fact_of_case on fact (hall, body ->> '$.case') where kind = 'action';
