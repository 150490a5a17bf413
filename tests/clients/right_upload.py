"""Uploads, and a call behind them, on one connection."""
from upload import Uploader

Uploader().main()
