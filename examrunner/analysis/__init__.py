"""Statistics over the results of a cohort."""
