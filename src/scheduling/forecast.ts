/** A forecast of a rate from its past: level and trend by exponential smoothing. */
export interface Forecast {
  readonly level: number;
  readonly trend: number;
  /** Rates seen. */
  readonly seen: number;
}

export const NO_FORECAST: Forecast = { level: 0, trend: 0, seen: 0 };

/**
 * The forecast after one more rate: Holt's linear method (1957) with weights `smoothing` of the newest level and `trend` of
 * the newest trend; with `trend` 0 an exponentially weighted moving average.
 */
export function observed(forecast: Forecast, rate: number, smoothing: number, trend: number): Forecast {
  const { seen } = forecast;
  if (seen === 0) return { level: rate, trend: 0, seen: 1 };
  const level = smoothing * rate + (1 - smoothing) * (forecast.level + forecast.trend);
  return { level, trend: trend * (level - forecast.level) + (1 - trend) * forecast.trend, seen: seen + 1 };
}

/** The rate expected in the next window; never negative. */
export function expected({ level, trend }: Forecast): number {
  return Math.max(0, level + trend);
}
