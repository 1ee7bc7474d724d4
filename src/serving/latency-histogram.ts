/**
 * How often each latency came: buckets that are narrower than 2^-`bits` of their value, so that a percentile is exact to
 * that and memory does not grow with the number of queries. Mean and largest are exact.
 */
export class LatencyHistogram {
  readonly #bits: number;
  readonly #counts: Uint32Array;
  #count = 0;
  #sum = 0;
  #largest = 0;

  /** With 10 bits, a thousandth, 216 KiB. */
  constructor(bits = 10) {
    this.#bits = bits;
    this.#counts = new Uint32Array(OCTAVES << bits);
  }

  get count(): number {
    return this.#count;
  }

  /** Of all latencies; undefined of none. */
  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }

  get largest(): number {
    return this.#largest;
  }

  /** Ticks, a whole number below 2^53. */
  add(ticks: number): void {
    const bucket = bucketOf(ticks, this.#bits);
    this.#counts[bucket] = this.#counts[bucket]! + 1;
    this.#count += 1;
    this.#sum += ticks;
    if (ticks > this.#largest) this.#largest = ticks;
  }

  /** Adds what another one of as many bits counted. */
  merge(other: LatencyHistogram): void {
    if (other.#bits !== this.#bits) throw new Error('histograms of different widths');
    other.#counts.forEach((count, bucket) => (this.#counts[bucket] = this.#counts[bucket]! + count));
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#largest = Math.max(this.#largest, other.#largest);
  }

  clear(): void {
    if (this.#count > 0) this.#counts.fill(0);
    [this.#count, this.#sum, this.#largest] = [0, 0, 0];
  }

  /** The smallest latency that at least a share of all do not exceed (nearest rank), the upper end of its bucket; undefined of none. */
  percentile(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    let left = Math.max(1, Math.ceil(share * this.#count));
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      left -= this.#counts[bucket]!;
      if (left <= 0) return Math.min(this.#largest, lastOf(bucket, this.#bits));
    }
    throw new Error('a histogram lost count');
  }
}

/** Powers of two from 1 to 2^53. */
const OCTAVES = 54;
/** Powers of two: to raise 2 anew takes longer than everything else here. */
const POWERS = Float64Array.from({ length: OCTAVES }, (_, octave) => 2 ** octave);

// Up to 2^bits every value has a bucket of its own; above, an octave has 2^bits buckets, filled from its middle.
function bucketOf(ticks: number, bits: number): number {
  if (ticks < 1 << bits) return ticks;
  const octave = octaveOf(ticks) - bits;
  return (octave << bits) + Math.floor(ticks / POWERS[octave]!);
}

function lastOf(bucket: number, bits: number): number {
  if (bucket < 2 ** (bits + 1)) return bucket;
  const octave = (bucket >> bits) - 1;
  const within = bucket - (octave << bits);
  return (within + 1) * 2 ** octave - 1;
}

function octaveOf(ticks: number): number {
  return ticks < 2 ** 31 ? 31 - Math.clz32(ticks) : 62 - Math.clz32(Math.floor(ticks / 2 ** 31));
}
