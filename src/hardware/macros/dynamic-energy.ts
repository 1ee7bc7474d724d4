/** J drawn from a supply of V to charge C by a swing: C · V · ΔV, C · V² when it is the whole supply. */
export function chargingEnergy(capacitance: number, supply: number, swing: number = supply): number {
  return capacitance * supply * swing;
}

/**
 * J drawn by N capacitors with a common, floating plate of which a fraction p is switched to V (charge sharing):
 * N p (1 − p) C V², at most a quarter of what the same capacitors take one by one.
 */
export function chargeSharingEnergy(
  capacitors: number,
  capacitance: number,
  supply: number,
  density: number,
): number {
  return capacitors * density * (1 - density) * chargingEnergy(capacitance, supply);
}

/** F of a wire in m: 0.2 fF/µm, the constant of NeuroSim (Peng et al., IEDM 2019) at every node. */
export function wireCapacitance(length: number): number {
  return 0.2e-15 * 1e6 * length;
}
