"""Figures of one answer: what it says, what it cites. Pure functions; they know no file and no index.

Where a figure is a share, it comes as (found, of), so that shares can be added up over questions.
"""

import re
from collections.abc import Sequence

from eval.gold import Span
from eval.matching import Groups, figures, groups_found, normalise

LONGEST_SHORT = 30  # characters of a short answer; a longer one is a sentence

Share = tuple[float, float]
"""How much was found, and of how much."""

# What CMRC's evaluator takes out. It means to drop …… too, but compares single characters and so never does.
_MARKS = str.maketrans(dict.fromkeys("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』"))
_PIECE = re.compile(r"[一-龥]|[^一-龥]+")
_WORD = re.compile(
    r"""[;@#$%&?!()\[\]{}<>"]|\.{2,}|\.(?=\s*$)|,(?!\d)|(?:[^\s;@#$%&?!()\[\]{}<>",.]|,(?=\d)|(?<!\.)\.(?!\.|\s*$))+"""
)


def full(must_contain: Groups, said: str) -> float:
    """Give 1 where each group has a variant in the answer, else 0: the rule of our gold sets (matching.py).

    It is the "exact presence" of ASQA (Stelmakh et al. 2022) over several groups. The trap: an answer that pours out
    whole paragraphs passes; look at citation precision and length beside it.
    """
    return float(groups_found(must_contain, said) == len(must_contain))


def group_recall(must_contain: Groups, said: str) -> float:
    """Give the share of the groups that have a variant in the answer, 0 to 1, for lists.

    STR-EM of ALCE (Gao et al. 2023) before their averaging over sub-questions. Nothing is taken off for what is said
    besides.
    """
    return groups_found(must_contain, said) / len(must_contain)


def short_right(must_contain: Groups, short: str) -> float:
    """Give 1 where the short answer alone is full and really short, else 0: what a citizen reads first."""
    return float(0 < len(normalise(short)) <= LONGEST_SHORT and full(must_contain, short) == 1)


def exact_match(answers: Sequence[str], said: str) -> float:
    """Give 1 where what was said is an accepted answer but for case and marks, else 0; EM of CMRC 2018.

    Cui et al. 2019, squad-style-data/cmrc2018_evaluate.py. The traps: full and half width differ, so do 44家 and 44,
    and …… stays, which the evaluator means to drop.
    """
    return float(any(_bare(answer) == _bare(said) for answer in answers))


def character_f1(answers: Sequence[str], said: str) -> float:
    """Give the best F1 with an accepted answer by the longest run of characters in common; F1 of CMRC 2018.

    Cui et al. 2019, squad-style-data/cmrc2018_evaluate.py: Chinese counts by character, anything else by word, and
    common is only the longest run that stands in both. The trap: SQuAD's F1 counts shared tokens in any order and is
    higher. Where the evaluator has nltk cut Latin text, we cut at blanks and marks; 11,918 and 95.5 stay whole, an
    apostrophe never cuts (nltk cuts don't in two).
    """
    return max((_run_f1(_segments(answer), _segments(said)) for answer in answers), default=0.0)


def citation_precision(cited: Sequence[Span], evidence: Sequence[Sequence[Span]]) -> Share:
    """Give how many cited spans overlap some evidence, of how many.

    Ours is judged against the sentences that a person marked. ALCE's citation precision (Gao et al. 2023) has no such
    marks: there a language model decides whether a citation helps to entail its sentence. One that supports the
    sentence from a place nobody marked counts there and not here.
    """
    places = [place for sentence in evidence for place in sentence]
    return float(sum(any(span.overlaps(place) for place in places) for span in cited)), float(len(cited))


def evidence_recall(cited: Sequence[Span], evidence: Sequence[Sequence[Span]]) -> float:
    """Give the share of the evidence sentences that some cited span overlaps, 0 to 1; each may stand in many places.

    ALCE's citation recall is something else: the share of the answer's own sentences that all their citations
    together entail, by a language model. Nearest to it here is `sentences_cited` with `figures_grounded`.
    """
    found = sum(any(span.overlaps(place) for span in cited for place in places) for places in evidence)
    return found / len(evidence) if evidence else 0.0


def grounded(said: str, quotes: Sequence[str], question: str) -> float:
    """Give 1 where each number in digits of the answer stands in its quotes or in the question, else 0.

    The number alone, without unit or subject, and read by a rule of its own (matching.figures), so that a broken
    grammar of figures cannot hide itself.
    """
    return float(figures(said) <= figures(" ".join(quotes)) | figures(question))


def corrected(correct: str, correction: str) -> float:
    """Give 1 where the correction of a refuted claim has a figure of the true statement, or there is none to have."""
    wanted = figures(correct)
    return float(not wanted or bool(wanted & figures(correction)))


def label_f1(label: str, gold: str, verdict: str) -> Share:
    """Give what one claim adds to the F1 of a label: 2 TP of 2 TP + FP + FN (van Rijsbergen 1979).

    Macro F1 is the mean of the labels' sums, as in scikit-learn, with 0 for a label that nothing has.
    """
    return (2.0 if gold == verdict == label else 0.0), float((gold == label) + (verdict == label))


def _bare(text: str) -> str:
    return text.lower().strip().translate(_MARKS)


def _segments(text: str) -> list[str]:
    segments: list[str] = []
    for piece in _PIECE.findall(_bare(text)):
        segments += [piece] if "一" <= piece <= "龥" else _WORD.findall(piece)
    return segments


def _run_f1(answer: Sequence[str], said: Sequence[str]) -> float:
    longest = 0
    before = [0] * (len(said) + 1)
    for segment in answer:
        row = [0] * (len(said) + 1)
        for at, other in enumerate(said, 1):
            if segment == other:
                row[at] = before[at - 1] + 1
                longest = max(longest, row[at])
        before = row
    return 2 * longest / (len(answer) + len(said)) if longest else 0.0
