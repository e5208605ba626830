"""How good is it? Gold sets in, figures out; knows qa and index. Read reading.py for the smallest whole example."""
