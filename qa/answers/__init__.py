"""What of the passages found answers: which figure, which words of which sentence, and does it tell what was asked?"""
