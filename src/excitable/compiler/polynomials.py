"""Coefficients of the polynomials that elementary functions are made of, lowest power first.

Each is the minimax solution of a Remez exchange in 50 digits, rounded to doubles;
`tests/compiler/test_elementary.py` checks the stated error of each against mpmath.
"""

# Reduction of exponentials: ln 2 = HIGH + LOW, with 38 bits in HIGH, so k * HIGH is exact for |k| < 2^15.
LOG2_E = 1.4426950408889634
LN2_HIGH = 0.6931471805582987
LN2_LOW = 1.6465949582897082e-12

# (e^r - 1 - r) / r^2 on |r| <= 0.3469, relative error of e^r - 1 2.5e-17 (before rounding; so for all below).
EXPONENTIAL = (
    0.5,
    0.16666666666666602,
    0.04166666666661966,
    0.008333333333388785,
    0.0013888888920670917,
    0.00019841269708623506,
    2.4801516105364194e-05,
    2.7557425459915908e-06,
    2.762233816766389e-07,
    2.504588944347815e-08,
)

# Reduction of sines: pi = HIGH + MIDDLE + LOW, with 33 bits in each of the first two.
INVERSE_PI = 0.3183098861837907
PI_HIGH = 3.1415926534682512
PI_MIDDLE = 1.2154201012607932e-10
PI_LOW = 4.044532497591901e-21

# (sin(r)/r - 1) / r^2 in powers of r^2 on |r| <= 1.5724, relative error of sin 2.9e-19.
SINE = (
    -0.16666666666666666,
    0.008333333333333193,
    -0.00019841269841208478,
    2.755731921100664e-06,
    -2.5052106860537778e-08,
    1.6058939074936947e-10,
    -7.642974711230667e-13,
    2.72099470288681e-15,
)

# (2 atanh(s)/s - 2) / s^2 in powers of s^2 on |s| <= 0.1718, absolute error times s^2 2.6e-18.
LOGARITHM = (
    0.6666666666666735,
    0.3999999999940749,
    0.28571428744141786,
    0.22222198378430083,
    0.1818357516813118,
    0.15313755688397032,
    0.14799066851911727,
)
