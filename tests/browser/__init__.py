"""Tests that open the packaged storefront in a real browser."""
