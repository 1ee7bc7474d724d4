import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { adcBehaviour, dacBehaviour } from '../hardware/converter-banks.ts';
import { cellPhysics } from './cells.ts';

/** Whether chance enters anywhere between word lines and codes: else all simulated chips are one, and so are all reads. */
export function chipsDiffer({ analogCore }: ArchitectureSpec): boolean {
  if (analogCore === undefined) return false;
  const { exactProgram, exactRead } = cellPhysics(analogCore.cell);
  const adc = adcBehaviour(analogCore.adcBank);
  const dac = dacBehaviour(analogCore.dacBank);
  const exactConverters = adc.noise === 0 && adc.fabricate === undefined;
  return !(exactProgram && exactRead && exactConverters && dac.gainError === 0 && dac.noise === 0);
}
