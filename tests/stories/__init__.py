"""Stories: people drive the whole running portal in a browser, and newcomers its commands."""
