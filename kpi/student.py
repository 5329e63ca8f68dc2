"""Points of the normal distribution and of Student's t: held against scipy in the tests."""

from __future__ import annotations

import math
from functools import lru_cache

#: Two-sided 95 % point of the normal distribution.
Z95 = 1.959963984540054
#: From so many degrees of freedom on, Student's t is near what is known of the normal distribution.
_NEAR = 3


@lru_cache(maxsize=4096)
def student_t(df: float) -> float:
    """Two-sided 95 % point of Student's t with `df` degrees of freedom."""
    z = Z95
    # Cornish-Fisher; source: Abramowitz and Stegun 26.7.5.
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    if df > 100_000:
        # The next term is below 1e-11 here.
        return z + first / df
    if df >= _NEAR:
        # So near that each step of Newton's doubles the digits that are right.
        t = z + first / df + second / df**2
        for _ in range(4):
            t += (_t_tail(t, df) - 0.05) / (2 * _t_density(t, df))
        return t
    low, high = 1.9, 13.0
    for _ in range(80):
        middle = (low + high) / 2
        if _t_tail(middle, df) > 0.05:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _t_density(t: float, df: float) -> float:
    """Density of Student's t."""
    log_front = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2
    return math.exp(log_front - (df + 1) / 2 * math.log1p(t * t / df))


def _t_tail(t: float, df: float) -> float:
    """Two-sided tail probability of Student's t: an incomplete beta function."""
    return _incomplete_beta(df / 2, 0.5, df / (df + t * t))


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function by Lentz's continued fraction.

    Source: DLMF 8.17.22; the symmetry 8.17.4 keeps the fraction converging fast.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    log_front = (
        math.lgamma(a + b)
        - math.lgamma(a)
        - math.lgamma(b)
        + a * math.log(x)
        + b * math.log1p(-x)
        - math.log(a)
    )
    c, d = 1.0, 0.0
    result = 1.0
    for step in range(500):
        m = step // 2
        if step == 0:
            term = 1.0
        elif step % 2 == 0:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / (1 + term * d)
        c = 1 + term / c
        result *= c * d
        if step and abs(1 - c * d) < 1e-15:
            break
    return math.exp(log_front) * (result - 1)
