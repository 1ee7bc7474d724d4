import { atNode, type ByNode } from './interpolation.ts';

/** A block of digital logic of 16 bits. */
export type LogicBlock = 'shiftAdd' | 'adder' | 'flipFlops' | 'maxPool2' | 'multiplexer8';

/** pJ of one operation and µm², by node: NeuroSim V1.3, low-standby-power transistors, as its plug-in prints them. */
const BLOCKS: Readonly<Record<LogicBlock, { readonly energy: ByNode; readonly area: ByNode }>> = {
  shiftAdd: {
    energy: { 130: 2.785, 65: 0.76, 45: 0.364, 32: 0.185, 22: 0.0988, 14: 0.0819, 7: 0.0314 },
    area: { 130: 2158, 65: 539, 45: 259, 32: 131, 22: 61.8, 14: 34.9, 7: 8.7 },
  },
  adder: {
    energy: { 130: 0.507, 65: 0.137, 45: 0.0646, 32: 0.0325, 22: 0.0171, 14: 0.0117, 7: 0.0047 },
    area: { 130: 777, 65: 194, 45: 93, 32: 47, 22: 22.2, 14: 12.6, 7: 3.1 },
  },
  flipFlops: {
    energy: { 130: 1.139, 65: 0.312, 45: 0.15, 32: 0.0763, 22: 0.0408, 14: 0.0351, 7: 0.0134 },
    area: { 130: 690, 65: 173, 45: 82.7, 32: 41.8, 22: 19.8, 14: 11.2, 7: 2.8 },
  },
  maxPool2: {
    energy: { 130: 0.0849, 65: 0.023, 45: 0.011, 32: 0.00557, 22: 0.00296, 14: 0.00215, 7: 0.00096 },
    area: { 130: 1388, 65: 348, 45: 167, 32: 84, 22: 39.8, 14: 22.9, 7: 5.8 },
  },
  multiplexer8: {
    energy: { 130: 0.0917, 65: 0.0274, 45: 0.013, 32: 0.00694, 22: 0.00389, 14: 0.00401, 7: 0.00165 },
    area: { 130: 740, 65: 185, 45: 88.6, 32: 44.8, 22: 21.2, 14: 11.7, 7: 2.9 },
  },
};

/**
 * J of an operation and m² of a block of logic at a node in m: NeuroSim's figures for 16 bits, power laws between its
 * nodes, in proportion to the bits.
 */
export function logicBlock(
  block: LogicBlock,
  technology: number,
  bits = 16,
): { readonly energy: number; readonly area: number } {
  const { energy, area } = BLOCKS[block];
  const share = bits / 16;
  return {
    energy: atNode(energy, technology) * 1e-12 * share,
    area: atNode(area, technology) * 1e-12 * share,
  };
}
