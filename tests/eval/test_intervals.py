"""Bootstrap intervals: known ends, exact sameness, paired differences."""

import numpy as np
import pytest

from eval.intervals import difference_interval, figure, figure_interval, interval, quantile_interval


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float).reshape(-1, 1)


ONES = np.ones((148, 1))


def outcomes(wrong: int) -> np.ndarray:
    values = np.ones((148, 1))
    values[:wrong] = 0
    return values


def test_figure_is_found_over_of_summed_and_averaged_over_parts():
    assert figure(column(1, 2, 0), column(2, 2, 0)) == 3 / 4
    both = np.array([[2.0, 0.0], [0.0, 0.0]])
    of = np.array([[2.0, 1.0], [0.0, 0.0]])
    assert figure(both, of) == (1 + 0) / 2


def test_nothing_to_find_has_no_figure():
    with pytest.raises(ValueError, match="no value"):
        figure(column(0, 0), column(0, 0))
    with pytest.raises(ValueError, match="no value to resample"):
        interval([])


def test_interval_of_equal_values_is_a_point_and_of_others_the_binomial_one():
    assert interval([1.0] * 20) == (1.0, 1.0)
    # 100 of 148: 1.96 × √(0.676 × 0.324 / 148) = 0.0754 on either side.
    low, high = figure_interval(outcomes(48), ONES)
    assert (low, high) == pytest.approx((0.676 - 0.0754, 0.676 + 0.0754), abs=0.01)
    assert figure_interval(outcomes(48), ONES) == (low, high)


def test_equal_runs_differ_by_exactly_nothing_whatever_is_drawn():
    same = (outcomes(5), ONES)
    assert [difference_interval(same, same, seed) for seed in range(20)] == [(0.0, 0.0)] * 20


def test_five_questions_lost_and_none_won_is_more_than_chance():
    # None of five drawn in 148: (1 − 5 / 148)^148 = 0.0062 < 0.025; none of three: 0.0484. Four, 0.0173, is the border.
    before = (outcomes(0), ONES)
    for seed in range(10):
        assert difference_interval(before, (outcomes(5), ONES), seed)[1] < 0
        assert difference_interval(before, (outcomes(3), ONES), seed)[1] == 0


def test_quantile_stands_with_its_interval():
    value, low, high = quantile_interval([float(n) for n in range(101)], 0.95)
    assert value == 95
    assert 85 < low < 95 < high <= 100
