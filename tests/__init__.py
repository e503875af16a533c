"""Tests; what several of them share stands beside them."""
