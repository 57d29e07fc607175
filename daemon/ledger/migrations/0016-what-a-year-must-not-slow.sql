-- Why     With every new verdict it is asked whether people know of its case, and a case is shown with what was said of its day.
-- Before  All that had ever been told, or said, was looked through each time.

create index telling_of_case on telling (case_id);
create index change_of_day on change (hall, day);
