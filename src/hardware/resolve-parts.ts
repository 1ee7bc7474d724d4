import type { ArchitectureSpec } from './architecture.ts';
import { resolveInterconnect } from './interconnect.ts';
import { resolveFunctionUnits } from './function-unit/index.ts';
import { macArrays } from './mac-array/index.ts';
import { memories } from './memory/index.ts';
import { programmings } from './programming/index.ts';
import { sampleAndHolds } from './sample-hold/index.ts';
import { shiftAndAdds } from './shift-add/index.ts';
import { storages } from './storage/index.ts';
import { type VectorUnitSpec, vectorUnits } from './vector-unit/index.ts';

/**
 * A spec whose parts have all their figures: those that name a model get what it works out at the chip's technology
 * node, what the spec writes beside the `type` stays. Converters and drivers work theirs out when asked.
 */
export function resolveParts(written: ArchitectureSpec): ArchitectureSpec {
  const { technology, chip, tile, analogCore, digitalCore } = written;
  return {
    ...written,
    chip: {
      ...chip,
      interconnect: resolveInterconnect(chip.interconnect, technology),
      memory: memories.resolve(chip.memory, technology),
    },
    tile: { ...tile, buffer: storages.resolve(tile.buffer, technology) },
    ...(analogCore === undefined
      ? {}
      : {
          analogCore: {
            ...analogCore,
            programming: analogCore.programming && programmings.resolve(analogCore.programming, technology),
            sampleAndHold: sampleAndHolds.resolve(analogCore.sampleAndHold, technology),
            shiftAndAdd: shiftAndAdds.resolve(analogCore.shiftAndAdd, technology),
            register: storages.resolve(analogCore.register, technology),
          },
        }),
    ...(digitalCore === undefined
      ? {}
      : {
          digitalCore: {
            ...digitalCore,
            macArray: digitalCore.macArray && macArrays.resolve(digitalCore.macArray, technology),
            weightMemory: digitalCore.weightMemory && storages.resolve(digitalCore.weightMemory, technology),
            vectorUnit: resolveVectorUnit(digitalCore.vectorUnit, technology),
          },
        }),
  };
}

function resolveVectorUnit(written: VectorUnitSpec, technology: number): VectorUnitSpec {
  const { functions, ...unit } = vectorUnits.resolve(written, technology);
  return functions === undefined ? unit : { ...unit, functions: resolveFunctionUnits(functions, technology) };
}
