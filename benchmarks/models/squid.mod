TITLE Squid membrane

COMMENT
Hodgkin & Huxley 1952, J Physiol 117:500, eqs 12 to 26 and table 3, every rate computed and none looked up.
ENDCOMMENT

NEURON {
    SUFFIX squid
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE gnabar, gkbar, gl, el
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gnabar = 0.12 (S/cm2)
    gkbar = 0.036 (S/cm2)
    gl = 0.0003 (S/cm2)
    el = -54.3 (mV)
}

STATE { m h n }

ASSIGNED {
    v (mV)
    ena (mV)
    ek (mV)
    ina (mA/cm2)
    ik (mA/cm2)
    il (mA/cm2)
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ina = gnabar * m * m * m * h * (v - ena)
    ik = gkbar * n * n * n * n * (v - ek)
    il = gl * (v - el)
}

INITIAL {
    m = opening_m(v) / (opening_m(v) + closing_m(v))
    h = opening_h(v) / (opening_h(v) + closing_h(v))
    n = opening_n(v) / (opening_n(v) + closing_n(v))
}

DERIVATIVE states {
    m' = opening_m(v) * (1 - m) - closing_m(v) * m
    h' = opening_h(v) * (1 - h) - closing_h(v) * h
    n' = opening_n(v) * (1 - n) - closing_n(v) * n
}

FUNCTION opening_m(v (mV)) (/ms) { opening_m = linoid(-(v + 40) / 10) }
FUNCTION closing_m(v (mV)) (/ms) { closing_m = 4 * exp(-(v + 65) / 18) }
FUNCTION opening_h(v (mV)) (/ms) { opening_h = 0.07 * exp(-(v + 65) / 20) }
FUNCTION closing_h(v (mV)) (/ms) { closing_h = 1 / (exp(-(v + 35) / 10) + 1) }
FUNCTION opening_n(v (mV)) (/ms) { opening_n = 0.1 * linoid(-(v + 55) / 10) }
FUNCTION closing_n(v (mV)) (/ms) { closing_n = 0.125 * exp(-(v + 65) / 80) }

FUNCTION linoid(x) {
    if (fabs(x) < 1e-6) {
        linoid = 1 - x / 2
    } else {
        linoid = x / (exp(x) - 1)
    }
}
