"""The exam service: API, pages and the store behind them."""
