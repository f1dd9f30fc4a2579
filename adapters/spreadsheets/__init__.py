"""Lists as files for spreadsheets."""
