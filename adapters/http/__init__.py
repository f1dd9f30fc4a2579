"""The edges over HTTP that are not screens: APIs for ERPs and buyers, webhooks, scripts, health."""
