"""Question set → scores → report."""
