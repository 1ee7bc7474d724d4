import { Fault } from '../base/fault.ts';
import type { Part } from '../base/registry.ts';
import { adcModels } from '../hardware/adc/index.ts';
import { dacModels } from '../hardware/dac/index.ts';
import { deviceModels } from '../hardware/device/index.ts';
import { ivModels } from '../hardware/iv/index.ts';
import { functionUnits } from '../hardware/function-unit/index.ts';
import { links } from '../hardware/link/index.ts';
import { macArrays } from '../hardware/mac-array/index.ts';
import { memories } from '../hardware/memory/index.ts';
import { programmings } from '../hardware/programming/index.ts';
import { routers } from '../hardware/router/index.ts';
import { sampleAndHolds } from '../hardware/sample-hold/index.ts';
import { shiftAndAdds } from '../hardware/shift-add/index.ts';
import { storages } from '../hardware/storage/index.ts';
import { vectorUnits } from '../hardware/vector-unit/index.ts';
import { macroModels } from '../hardware/macros/index.ts';
import { layerKinds } from '../input/layer-shapes/index.ts';
import { preprocessingSteps } from '../input/preprocessing.ts';
import { loadModels } from '../load/index.ts';
import { partitionStrategies } from '../mapping/partition/index.ts';
import { operators } from '../network/operators/index.ts';
import type { ListDocument } from '../report/documents.ts';
import { table } from '../report/format.ts';
import { requestPolicies } from '../scheduling/request/index.ts';
import { taskPolicies } from '../scheduling/task/index.ts';
import { windowPolicies } from '../scheduling/window/index.ts';

/** Every list of parts, by the word that `kirchhoff list` takes. */
const LISTS: Readonly<Record<string, readonly (Part & { readonly usage?: string })[]>> = {
  adc: adcModels.parts,
  dac: dacModels.parts,
  device: deviceModels.parts,
  iv: ivModels.parts,
  programming: programmings.models.parts,
  'sample-and-hold': sampleAndHolds.models.parts,
  'shift-and-add': shiftAndAdds.models.parts,
  storage: storages.models.parts,
  memory: memories.models.parts,
  router: routers.models.parts,
  link: links.models.parts,
  'mac-array': macArrays.models.parts,
  'vector-unit': vectorUnits.models.parts,
  macro: macroModels.parts,
  'function-unit': functionUnits.models.parts,
  operator: operators.parts,
  layer: layerKinds.parts,
  partition: partitionStrategies.parts,
  load: loadModels.parts,
  'window-policy': windowPolicies.parts,
  'request-policy': requestPolicies.parts,
  'task-policy': taskPolicies.parts,
  preprocessing: preprocessingSteps.parts,
};

/** The words that `kirchhoff list` takes. */
export const LIST_NAMES: readonly string[] = Object.keys(LISTS);

/** The parts of one list or, without a name, of all. */
export function listDocument(name: string | undefined): ListDocument {
  if (name !== undefined && !LIST_NAMES.includes(name)) {
    throw new Fault(`no list ${JSON.stringify(name)}`, { cure: `known: ${LIST_NAMES.join(', ')}` });
  }
  const parts = (name === undefined ? LIST_NAMES : [name]).flatMap((list) =>
    LISTS[list]!.map((part) => ({
      list,
      name: part.name,
      usage: part.usage ?? part.name,
      summary: part.summary,
    })),
  );
  return { kind: 'kirchhoff-list', formatVersion: 1, parts };
}

/** The same for people. */
export function listText(document: ListDocument): string {
  return table(
    ['list', 'write', 'what it is'],
    document.parts.map((part) => [part.list, part.usage, part.summary]),
    [0, 1, 2],
  );
}
