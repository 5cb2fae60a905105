"""HTTP routes, one file per noun; they only translate."""
