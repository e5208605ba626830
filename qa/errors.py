"""What can go wrong between a question and its answer; grows from the tree in index/errors.py.

    QingwenError
    └── AnsweringError
        ├── SettingsError       a setting or option that does not fit
        ├── UnknownReportError  a report that is not in the index; the message is Chinese
        ├── DraftError          a file handed in that cannot be read; the message is Chinese
        ├── StaffError          someone who may not in, or something that cannot be published; the message is Chinese
        ├── AuditError          an audit record that cannot be kept, found or replayed; the message is Chinese
        └── ModelFailedError    a language model that gives no reply, or breaks off
            └── ModelBusyError  too many wait for it already (trying again helps)

"The report does not say" is an Answer, not an error.
"""

from index.errors import QingwenError


class AnsweringError(QingwenError):
    """Something between a question and its answer."""


class SettingsError(AnsweringError):
    """A setting or option that does not fit."""


class UnknownReportError(AnsweringError):
    """A report that a question is kept to is not in the index; the message is a phrase of qa/prompts.py."""


class DraftError(AnsweringError):
    """A file handed in to be checked that cannot be read; the message is a phrase of qa/prompts.py, for staff."""


class AuditError(AnsweringError):
    """An audit record that cannot be kept, found or replayed; the message is a phrase of qa/prompts.py, for staff."""


class StaffError(AnsweringError):
    """Someone who may not in, or something that cannot be published; the message is a phrase of qa/prompts.py.

    Args:
        message: The phrase.
        retry: Whether the same may succeed later.
    """

    def __init__(self, message: str, retry: bool = False) -> None:
        super().__init__(message)
        self.retry = retry


class ModelFailedError(AnsweringError):
    """A language model that cannot be loaded or reached, or breaks off in the middle of its reply.

    Args:
        message: What happened and the way out, for whoever runs the program.
        reason: What a citizen is told, a phrase of qa/prompts.py.
        retry: Whether the same question may get a reply later.
    """

    def __init__(self, message: str, reason: str, retry: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry = retry


class ModelBusyError(ModelFailedError):
    """Too many wait for the language model already, or one has waited too long; trying again helps."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message, reason, retry=True)
