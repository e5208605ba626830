"""A question becomes a cited answer. Read pipeline.py first."""
