"""How questions, claims and reports put things: what is asked for, which words mean the same, of what."""
