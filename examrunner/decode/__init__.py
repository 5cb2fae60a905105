"""What a recording says in engineering terms: signals, diagnostics, board views."""
