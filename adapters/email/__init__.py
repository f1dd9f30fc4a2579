"""Mails over SMTP, sent from the outbox only."""
