"""RQ as a doorbell: jobs say that a store's box may have work and carry no data (D4)."""
