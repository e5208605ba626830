"""What a claim is held against: figures first, then words, then all that it commits itself to. See `qa.checking`."""
