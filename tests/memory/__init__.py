"""The storage ports on dictionaries, equal in behaviour to `adapters/sql`: one contract suite runs on both."""

from tests.memory.database import MemoryDatabase, MemoryWork

__all__ = ["MemoryDatabase", "MemoryWork"]
