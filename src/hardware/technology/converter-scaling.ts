/**
 * Energy of a converter, driver or other analog part at one node over that at another: node^1.88, the exponent of the
 * regression over 215 converters (Andrulis et al., arXiv 2404.06553), not the law of digital logic.
 */
export function converterEnergyRatio(from: number, to: number): number {
  return (to / from) ** 1.88003692;
}

/** Area of an analog part at one node over that at another: node^0.99 (same regression). */
export function converterAreaRatio(from: number, to: number): number {
  return (to / from) ** 0.99327947;
}
