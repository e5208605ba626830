"""What can go wrong in an evaluation; grows from the tree in index/errors.py.

    QingwenError
    └── EvaluationError
        └── GoldError           a gold set that is not in its format

A bad score is a figure, not an error.
"""

from index.errors import QingwenError


class EvaluationError(QingwenError):
    """Something between a gold set and its figures."""


class GoldError(EvaluationError):
    """A gold set that is not in its format; the message names file, line and field."""
