"""One module a tab of the screen."""
