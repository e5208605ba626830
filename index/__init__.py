"""The report becomes searchable passages. This area knows nothing of questions; read build.py first."""
