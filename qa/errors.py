"""What can go wrong between a question and its answer; grows from the tree in index/errors.py.

    QingwenError
    └── AnsweringError
        └── SettingsError       a setting or option that does not fit

"The report does not say" is an Answer, not an error.
"""

from index.errors import QingwenError


class AnsweringError(QingwenError):
    """Something between a question and its answer."""


class SettingsError(AnsweringError):
    """A setting or option that does not fit."""
