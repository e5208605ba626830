"""What can go wrong in an evaluation; grows from the tree in index/errors.py.

    QingwenError
    └── EvaluationError
        ├── GoldError           a gold set that is not in its format
        └── RunError            a run or baseline that is missing, unfinished, or of another gold set

A bad score is a figure, not an error.
"""

from index.errors import QingwenError


class EvaluationError(QingwenError):
    """Something between a gold set and its figures."""


class GoldError(EvaluationError):
    """A gold set that is not in its format; the message names file, line and field."""


class RunError(EvaluationError):
    """A run or baseline that is missing, unfinished, or of another gold set."""
