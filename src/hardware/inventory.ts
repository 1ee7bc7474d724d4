import { type ArchitectureSpec, tileCount } from './architecture.ts';
import type { Component } from './component.ts';
import { adcFigures, dacFigures } from './converter-banks.ts';
import type { LayerCharge } from './read-charge.ts';
import type { StorageSpec } from './storage.ts';

/**
 * Every component of the chip with its count, area, leakage and the cost of its actions, in report order. Layers whose
 * reads were measured have reads and drives of their own.
 */
export function inventory(
  spec: ArchitectureSpec,
  charges: readonly LayerCharge[] = [],
): readonly Component[] {
  const components: Component[] = [];
  const { chip, tile, analogCore, digitalCore } = spec;
  const tiles = tileCount(spec);
  const analogCores = tiles * tile.analogCores;
  const digitalCores = tiles * tile.digitalCores;

  if (analogCore !== undefined && analogCores > 0) {
    const crossbars = analogCores * analogCore.crossbars;
    const { rows, columns, readTime } = analogCore.crossbar;
    const dac = dacFigures(analogCore.dacBank, spec.technology);
    const adc = adcFigures(analogCore.adcBank, spec.technology);
    const perCrossbar = analogCore.adcBank.sharedBy === 'crossbar';
    const converters = (perCrossbar ? analogCore.crossbars : 1) * analogCore.adcBank.count;
    // Adders without a rate keep up with the converters.
    const additionRate =
      analogCore.shiftAndAdd.rate ?? converters / adc.conversionTime / analogCore.shiftAndAdd.count;
    components.push(
      {
        name: 'crossbar',
        path: 'analogCore.crossbar',
        count: crossbars,
        area: analogCore.crossbar.area,
        leakage: analogCore.crossbar.leakage,
        actions: [
          { name: 'read', energy: analogCore.crossbar.readEnergy, peakRate: (rows * columns) / readTime },
          ...charges.map(({ layer, readEnergy }) => ({
            ...{ name: 'read', energy: readEnergy, peakRate: 0, layer },
          })),
          ...(analogCore.programming === undefined
            ? []
            : [{ name: 'program', energy: analogCore.programming.cellEnergy, peakRate: 0 }]),
        ],
      },
      {
        name: 'dacBank',
        path: 'analogCore.dacBank',
        count: crossbars * rows,
        area: dac.area,
        leakage: dac.leakage,
        actions: [
          { name: 'drive', energy: dac.driveEnergy, peakRate: 1 / readTime },
          ...charges.map(({ layer, driveEnergy }) => ({
            ...{ name: 'drive', energy: driveEnergy, peakRate: 0, layer },
          })),
        ],
      },
      {
        name: 'sampleAndHold',
        path: 'analogCore.sampleAndHold',
        count: crossbars * columns,
        area: analogCore.sampleAndHold.area,
        leakage: 0,
        actions: [{ name: 'sample', energy: analogCore.sampleAndHold.energy, peakRate: 1 / readTime }],
      },
      {
        name: 'adcBank',
        path: 'analogCore.adcBank',
        count: analogCores * converters,
        area: adc.area,
        leakage: adc.leakage,
        actions: [{ name: 'convert', energy: adc.conversionEnergy, peakRate: 1 / adc.conversionTime }],
      },
      {
        name: 'shiftAndAdd',
        path: 'analogCore.shiftAndAdd',
        count: analogCores * analogCore.shiftAndAdd.count,
        area: analogCore.shiftAndAdd.area,
        leakage: analogCore.shiftAndAdd.leakage,
        actions: [{ name: 'add', energy: analogCore.shiftAndAdd.energy, peakRate: additionRate }],
      },
      storage('coreRegister', 'analogCore.register', analogCore.register, analogCores),
    );
  }

  if (digitalCore !== undefined && digitalCores > 0) {
    const { macArray, weightMemory, vectorUnit, clock } = digitalCore;
    const functionSum = (figure: 'area' | 'leakage') =>
      Object.values(vectorUnit.functions ?? {}).reduce((sum, unit) => sum + unit!.count * unit![figure], 0);
    if (macArray !== undefined && weightMemory !== undefined) {
      components.push(
        {
          name: 'macArray',
          path: 'digitalCore.macArray',
          count: digitalCores,
          area: macArray.area,
          leakage: macArray.leakage,
          actions: [
            { name: 'mac', energy: macArray.macEnergy, peakRate: macArray.rows * macArray.columns * clock },
          ],
        },
        storage('weightMemory', 'digitalCore.weightMemory', weightMemory, digitalCores),
      );
    }
    components.push({
      name: 'vectorUnit',
      path: 'digitalCore.vectorUnit',
      count: digitalCores,
      area: vectorUnit.area + functionSum('area'),
      leakage: vectorUnit.leakage + functionSum('leakage'),
      actions: [{ name: 'operate', energy: vectorUnit.operationEnergy, peakRate: vectorUnit.lanes * clock }],
    });
  }

  components.push(storage('buffer', 'tile.buffer', tile.buffer, tiles));
  const { interconnect, memory } = chip;
  components.push(
    {
      name: 'interconnect',
      path: 'chip.interconnect',
      count: tiles,
      area: interconnect.area,
      leakage: interconnect.leakage,
      actions: [{ name: 'hop', energy: interconnect.hopEnergy, peakRate: interconnect.linkBandwidth }],
    },
    memoryComponent(memory),
  );
  if (chip.chipLink !== undefined && chip.count > 1) {
    const { energy, bandwidth } = chip.chipLink;
    components.push({
      name: 'chipLink',
      path: 'chip.chipLink',
      count: 2 * chip.count,
      area: 0,
      leakage: 0,
      actions: [{ name: 'transfer', energy, peakRate: bandwidth }],
    });
  }
  for (const [path, parts, times] of [
    ['analogCore.fixed', analogCore?.fixed ?? [], analogCores],
    ['tile.fixed', tile.fixed, tiles],
    ['chip.fixed', chip.fixed, chip.count],
  ] as const) {
    parts.forEach((part, index) => {
      if (times === 0) return;
      components.push({
        name: 'fixed',
        path: `${path}.${index} (${part.name})`,
        count: part.count * times,
        area: part.area,
        leakage: part.power,
        actions: [],
      });
    });
  }
  return components;
}

function memoryComponent(memory: ArchitectureSpec['chip']['memory']): Component {
  const component = storage('memory', 'chip.memory', memory, 1);
  if (memory.rowBytes === 0) return component;
  const open = { name: 'open', energy: memory.rowMissEnergy, peakRate: 0 };
  return { ...component, actions: [...component.actions, open] };
}

// One port: reads and writes share the bandwidth, so the dearer of the two gives the peak power.
function storage(
  name: Component['name'],
  path: string,
  spec: Pick<StorageSpec, 'bandwidth' | 'readEnergy' | 'writeEnergy' | 'area' | 'leakage'>,
  count: number,
): Component {
  const readsPeak = spec.readEnergy >= spec.writeEnergy;
  return {
    name,
    path,
    count,
    area: spec.area,
    leakage: spec.leakage,
    actions: [
      { name: 'read', energy: spec.readEnergy, peakRate: readsPeak ? spec.bandwidth : 0 },
      { name: 'write', energy: spec.writeEnergy, peakRate: readsPeak ? 0 : spec.bandwidth },
    ],
  };
}
