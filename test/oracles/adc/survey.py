"""Energy and area of the ADC survey regression (Andrulis et al., arXiv 2404.06553), in 40-digit decimals.

Independent of the simulator's own code: written from the published coefficients. `python3 survey.py > survey.json`.
"""

import json
from decimal import Decimal as D, getcontext
from itertools import product
from math import ceil

getcontext().prec = 40


def power_of_ten(exponent):
    return (exponent * D(10).ln()).exp()


def energy(bits, rate, nm):
    """pJ a conversion."""
    sndr = D("6.0206") * bits + D("1.7609")
    rate_limit = D("213.7806687") - D("2.87190304") * D(rate).ln()
    noise_limit = D("128.3068287") + D("3.22051152") * min(max(ceil(bits), 0), 20)
    spread = D("26.04962157") + D("1.88003692") * D(nm).ln() - D("2.82912561") * D(bits).ln() - D("1.47020221")
    return D("0.5") * power_of_ten((sndr - min(rate_limit, noise_limit)) / 10) * spread.exp()


def area(picojoule, rate, nm):
    """Square micrometres."""
    return (
        D("1.34619164")
        + D("0.99327947") * D(nm).ln()
        + D("0.18071538") * D(rate).ln()
        + D("0.29912426") * picojoule.ln()
    ).exp()


points = []
for bits, rate, nm in product((4, 6, 7, 8, 9, 10, 12, 14), (10**6, 10**8, 1280000000, 10**10), (7, 14, 22, 32, 45, 65, 130)):
    picojoule = energy(bits, rate, nm)
    points.append([bits, rate, nm, float(picojoule), float(area(picojoule, rate, nm))])
print("[\n" + ",\n".join(" " + json.dumps(point) for point in points) + "\n]")
