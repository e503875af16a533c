"""The tab 问答."""
