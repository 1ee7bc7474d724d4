import { integer, quantity } from '../../base/quantity.ts';
import { partModel } from '../part-model.ts';
import { atNode, type ByNode } from '../technology/interpolation.ts';
import { logicAreaRatio, logicEnergyRatio } from '../technology/stillmaker.ts';
import { storageFigures } from './figures.ts';

/** What one access to an SRAM of one bank takes, and what the bank is: pJ, µm², µW, ns. */
export interface SramFigures {
  readonly read: number;
  readonly write: number;
  readonly area: number;
  readonly leakage: number;
  readonly cycle: number;
}

type Law = (kibibytes: number, width: number) => SramFigures;

/**
 * Fits to CACTI 7 as Accelergy drives it: products of powers with the least largest error, at 22 nm over six memories of
 * 2 KiB to 1 MiB with ports of 64 and 256 bits (within 11 %), at 32 nm over four to 512 KiB (within 8 %). `width` is the
 * port in units of 64 bits.
 */
const FITS: Readonly<Record<22 | 32, Law>> = {
  22: (size, width) => ({
    read: 0.473 * size ** 0.576 * width ** 0.643,
    write: 0.646 * size ** 0.468 * width ** 0.845,
    area: 871 * size ** 0.973 * width ** 0.217,
    leakage: 0.263 * size ** 0.896 * width ** -0.046,
    cycle: 0.269 * size ** 0.275 * width ** 0.151,
  }),
  32: (size, width) => ({
    read: 1.02 * size ** 0.576 * width ** 0.689,
    write: 1.71 * size ** 0.435 * width ** 0.896,
    area: 1790 * size ** 0.987,
    leakage: 0.0657 * size ** 0.94 * width ** -0.091,
    cycle: 0.417 * size ** 0.266 * width ** 0.151,
  }),
};

/** Energy of an access relative to 32 nm: CACTI 7, mean of 8 KiB with 64 bits and 64 KiB with 256 bits. */
const READ_ABOVE: ByNode = {
  32: 1,
  45: Math.sqrt((6.14 / 3.44) * (51.8 / 29.6)),
  65: Math.sqrt((11.1 / 3.44) * (94.1 / 29.6)),
};
const WRITE_ABOVE: ByNode = {
  32: 1,
  45: Math.sqrt((7.88 / 4.27) * (66.2 / 36.5)),
  65: Math.sqrt((14.7 / 4.27) * (124 / 36.5)),
};

/**
 * An access to an SRAM of so many bytes, with a port of so many bits, at a node in m. At 22 and 32 nm the fits, between
 * them the power law through both. Above, energies as CACTI's at 45 and 65 nm, area with the square of the node, cycle
 * with the node, leakage as at 32 nm (assumptions). Below 22 nm all as logic scales from there (assumption).
 */
export function sramFigures(bytes: number, widthBits: number, technology: number): SramFigures {
  const size = bytes / 1024;
  const width = widthBits / 64;
  const [small, large] = [FITS[22](size, width), FITS[32](size, width)];
  const nm = technology * 1e9;
  if (nm > 32) {
    return {
      read: large.read * atNode(READ_ABOVE, technology),
      write: large.write * atNode(WRITE_ABOVE, technology),
      area: large.area * (nm / 32) ** 2,
      leakage: large.leakage,
      cycle: (large.cycle * nm) / 32,
    };
  }
  if (nm < 22) {
    const energy = logicEnergyRatio(22e-9, technology);
    return {
      read: small.read * energy,
      write: small.write * energy,
      area: small.area * logicAreaRatio(22e-9, technology),
      leakage: small.leakage * energy,
      cycle: (small.cycle * nm) / 22,
    };
  }
  const share = (key: keyof SramFigures) => atNode({ 22: small[key], 32: large[key] }, technology);
  return {
    read: share('read'),
    write: share('write'),
    area: share('area'),
    leakage: share('leakage'),
    cycle: share('cycle'),
  };
}

/** An SRAM by capacity and port, in banks of which one works at a time. */
export const sram = partModel({
  name: 'sram',
  summary: 'SRAM by capacity and port: fit to CACTI 7 at 22 and 32 nm (11 %), scaled to other nodes',
  structure: {
    capacity: quantity('B', { min: 1024, max: 64 * 2 ** 20 }).describe(
      'bytes it holds; a bank of the fit has 2 KiB to 1 MiB',
    ),
  },
  own: {
    width: integer({ min: 8, max: 4096 }).default(64).describe('bits of its port'),
    banks: integer({ min: 1, max: 1024 }).default(1).describe('equal parts of which one works at a time'),
  },
  figures: storageFigures,
  law({ capacity, width, banks }, technology) {
    const bank = sramFigures(capacity / banks, width, technology);
    const bytes = width / 8;
    return {
      bandwidth: bytes / (bank.cycle * 1e-9),
      readEnergy: (bank.read * 1e-12) / bytes,
      writeEnergy: (bank.write * 1e-12) / bytes,
      area: bank.area * 1e-12 * banks,
      leakage: bank.leakage * 1e-6 * banks,
    };
  },
});
