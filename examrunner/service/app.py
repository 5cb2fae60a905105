"""Builds the FastAPI application from settings and a store."""
