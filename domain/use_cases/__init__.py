"""One file per thing a person or a system can ask the portal to do."""
