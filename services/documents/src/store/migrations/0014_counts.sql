CREATE INDEX policies_counted ON policies (state, expunged, organ_code, category, issued_year,
    organ_name, effective_on, last_day, repealed_on, source_status, overruled_effect, overruled_from);
