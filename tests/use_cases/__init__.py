"""What people and systems can ask the portal to do, on the storage in memory and a world of fakes."""
