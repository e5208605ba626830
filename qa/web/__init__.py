"""What stands around the page: the server, the staff's desk, votes, links into reports, tools for other programs."""
