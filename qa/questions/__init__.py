"""A question before it is answered: is it one, of which place and year, about what, in how many parts, which sum?"""
