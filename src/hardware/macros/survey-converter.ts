import { surveyArea, surveyEnergy } from '../adc/survey.ts';

/** J of a conversion by the converter survey: effective bits, conversions per second, node in m. */
export function converterEnergy(bits: number, rate: number, technology: number): number {
  return surveyEnergy(bits, rate, technology * 1e9) * 1e-12;
}

/** m² of that converter. */
export function converterArea(bits: number, rate: number, technology: number): number {
  const nanometre = technology * 1e9;
  return surveyArea(surveyEnergy(bits, rate, nanometre), rate, nanometre) * 1e-12;
}
