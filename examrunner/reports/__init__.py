"""Result sheets and evidence pages."""
