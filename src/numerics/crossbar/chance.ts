import { fillNormals } from '../../base/philox.ts';
import { randomStream } from '../chance.ts';

/** Which simulated chip: its fabrication, programming errors and read noise follow from both. */
export interface Chance {
  /** 0 … 2^32 − 1; 1 when left out. */
  readonly seed?: number;
  /** 0 … 65535; 0 when left out. */
  readonly chip?: number;
}

/** Standard normals of a place, one after the other. */
export function normalSource(
  { seed, chip }: Required<Chance>,
  moment: 'fabricate' | 'read',
  row: number,
  block: number,
  read: number,
): () => number {
  const buffer = new Float32Array(64);
  const sequence = { seed, stream: randomStream(chip, 0, moment), row, block, read };
  let next = 0;
  return () => {
    if (next % buffer.length === 0) fillNormals(buffer, sequence, next);
    return buffer[next++ % buffer.length]!;
  };
}
