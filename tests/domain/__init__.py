"""Rules of the business, tested on the plain domain: no fixtures, no servers."""
