"""Read stations/, rubrics/ and dbc/ into model values; errors name file and line."""
