"""Tests of the figures' table."""
