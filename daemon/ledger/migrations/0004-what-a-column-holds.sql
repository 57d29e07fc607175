-- Why     What a column of a fact holds need not be in its body as well: a quarter less to write for every punch.
-- Before  The body held the fact's kind and id, and its `at` beside the column where it is looked for.

update fact set body = json_remove(
  body,
  '$.fact',
  '$.id',
  case when body ->> 'from' is null and body ->> 'date' is null then '$.at' else '$.fact' end
);
