"""Pure questions about a timeline; one file per idea."""
