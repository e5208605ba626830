"""Language models: on this machine or behind a server, what they write, and how it takes the answer's place."""
