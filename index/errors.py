"""Everything that can go wrong between a file and a searchable index.

QingwenError
└── IndexingError
    ├── ReadingError            a file that is not a report we can read
    ├── NoSuchReportError       a report that the index does not hold
    ├── ModelNotFoundError      a sentence model that cannot be loaded
    ├── ModelMismatchError      an index built with another model
    ├── IndexMissingError       no index in that folder
    ├── IndexDamagedError       a file that is not the one the manifest names
    └── IndexBusyError          another process is writing (trying again helps)
"""


class QingwenError(Exception):
    """Root of all errors this project raises on purpose; the message says what to do.

    `retry` tells whether the same call may succeed later without a change.
    """

    retry = False


class IndexingError(QingwenError):
    """Something between a file and a searchable index."""


class ReadingError(IndexingError):
    """A file that is not a report we can read."""


class NoSuchReportError(IndexingError):
    """A report is named that the index does not hold, or the last one is to go."""


class ModelNotFoundError(IndexingError):
    """A sentence model that cannot be loaded."""


class ModelMismatchError(IndexingError):
    """An index that was built with another model."""


class IndexMissingError(IndexingError):
    """No index in that folder."""


class IndexDamagedError(IndexingError):
    """A file of the index is missing, or is not the one its manifest names."""


class IndexBusyError(IndexingError):
    """Another process is writing this index."""

    retry = True
