"""Who sends: steadily, rudely, or with bad intent."""
