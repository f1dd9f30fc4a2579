"""Documents as PDF, laid out by typst."""
