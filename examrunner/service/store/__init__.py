"""The only package that knows the tables: reads and writes in whole transactions."""
