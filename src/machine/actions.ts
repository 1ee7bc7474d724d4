import { type ActionTable, actionNumber } from '../hardware/action-table.ts';
import type { ComponentName } from '../hardware/component.ts';

/** Numbers of the actions that the machine plays (-1 where the chip has no such component). */
export type Actions = ReturnType<typeof actionNumbers>;

/** Looks the machine's actions up in a chip's table. */
export function actionNumbers(table: ActionTable) {
  const number = (component: ComponentName, action: string) => actionNumber(table, component, action);
  return {
    cellRead: number('crossbar', 'read'),
    drive: number('dacBank', 'drive'),
    /** By network layer, of those whose reads were measured. */
    cellReadOf: byLayer(table, 'crossbar', 'read'),
    driveOf: byLayer(table, 'dacBank', 'drive'),
    program: number('crossbar', 'program'),
    sample: number('sampleAndHold', 'sample'),
    convert: number('adcBank', 'convert'),
    add: number('shiftAndAdd', 'add'),
    registerRead: number('coreRegister', 'read'),
    registerWrite: number('coreRegister', 'write'),
    mac: number('macArray', 'mac'),
    weightRead: number('weightMemory', 'read'),
    weightWrite: number('weightMemory', 'write'),
    operate: number('vectorUnit', 'operate'),
    bufferRead: number('buffer', 'read'),
    bufferWrite: number('buffer', 'write'),
    hop: number('interconnect', 'hop'),
    chipLink: number('chipLink', 'transfer'),
    memoryRead: number('memory', 'read'),
    memoryWrite: number('memory', 'write'),
    memoryOpen: number('memory', 'open'),
  };
}

function byLayer(
  { actions, components }: ActionTable,
  component: ComponentName,
  name: string,
): readonly (number | undefined)[] {
  const numbers: (number | undefined)[] = [];
  actions.forEach((action, number) => {
    if (action.layer === undefined || action.name !== name) return;
    if (components[action.component]!.name === component) numbers[action.layer] = number;
  });
  return numbers;
}
