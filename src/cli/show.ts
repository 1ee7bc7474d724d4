import { digitalCoreThroughput } from '../analysis/peak-throughput.ts';
import { bufferWarnings } from '../analysis/warnings.ts';
import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { type Component, peakPower } from '../hardware/component.ts';
import { bitLinesPerColumn } from '../hardware/encoding.ts';
import { inventory } from '../hardware/inventory.ts';
import { columnsHeld } from '../mapping/blocks.ts';
import { crossbarMvm } from '../mapping/crossbar-mvm.ts';
import { type LoweredNetwork, mvmMacs } from '../mapping/lowered-network.ts';
import { crossbarCount, tileOfCrossbar } from '../mapping/placement.ts';
import type { AnalogStage, Schedule } from '../mapping/schedule.ts';
import { tilePipeline } from '../mapping/tile-pipeline.ts';
import { bufferShortage, marked, shortageText } from '../report/buffer-shortage.ts';
import type { ShowDocument } from '../report/documents.ts';
import { engineering, percent, significant, squareMillimetre, table } from '../report/format.ts';

/** Area, peak power and peak throughput of a chip, by level and component; with a schedule, where each layer went. */
export function showDocument(
  spec: ArchitectureSpec,
  placed?: { lowered: LoweredNetwork; schedule: Schedule },
  notes: readonly string[] = [],
): ShowDocument {
  const components = inventory(spec);
  const { weightBits, inputBits } = spec.encoding;
  const outputs = spec.analogCore === undefined ? 0 : columnsHeld(spec);
  const mvm = crossbarCount(spec) === 0 ? undefined : mvmDocument(spec);
  return {
    kind: 'kirchhoff-architecture',
    formatVersion: 1,
    name: spec.name,
    levels: levels(spec, components),
    precision: `${weightBits}-bit weights × ${inputBits}-bit inputs`,
    components: components.map((component) => ({
      component: component.name,
      path: component.path,
      count: component.count,
      area: component.area * component.count,
      peakPower: peakPower(component),
      leakage: component.leakage * component.count,
    })),
    ...(mvm === undefined ? {} : { mvm }),
    capacity: (crossbarCount(spec) * (spec.analogCore?.crossbar.rows ?? 0) * outputs * weightBits) / 8,
    ...(placed === undefined
      ? notes.length === 0
        ? {}
        : { warnings: [...notes] }
      : {
          layers: layers(spec, placed.lowered, placed.schedule),
          bufferShortage: bufferShortage(placed.schedule.buffers),
          warnings: [...notes, ...bufferWarnings(placed.schedule)],
        }),
  };
}

/** The same for people. */
export function showText(document: ShowDocument): string {
  const parts = [`${document.name}`, ''];
  const { bufferShortage: shortage = null } = document;
  parts.push(
    table(
      [
        ...['level', 'count', marked('area', shortage), 'peak power', marked('leakage', shortage)],
        ...['peak throughput', 'TOPS/W', marked('TOPS/mm²', shortage)],
      ],
      document.levels.map((level) => [
        level.level,
        String(level.count),
        stated(level.area, squareMillimetre),
        stated(level.peakPower, watts),
        stated(level.leakage, watts),
        stated(level.peakThroughput, (rate) => engineering(rate, 'OP/s')),
        stated(level.topsPerWatt, significant),
        stated(level.topsPerSquareMillimetre, significant),
      ]),
    ),
    '',
    `Of one of each. Peak at ${document.precision}, 2 operations a MAC${document.capacity > 0 ? `; crossbars hold ${engineering(document.capacity, 'B')} of weights` : ''}. –: none, or not stated.`,
    ...(shortage === null ? [] : [`${shortageText(shortage)}.`]),
    '',
  );
  if (document.mvm !== undefined) parts.push(mvmText(document.mvm), '');
  const area = document.components.reduce((sum, part) => sum + part.area, 0);
  const power = document.components.reduce((sum, part) => sum + part.peakPower, 0);
  parts.push(
    table(
      ['component', 'count', marked('area', shortage), 'share', 'peak power', 'share', 'path'],
      document.components.map((part) => [
        part.component,
        String(part.count),
        stated(part.area, squareMillimetre),
        stated(part.area, () => percent(part.area / area)),
        stated(part.peakPower, watts),
        stated(part.peakPower, () => percent(part.peakPower / power)),
        part.path,
      ]),
      [0, 6],
    ),
  );
  if (document.layers !== undefined) {
    parts.push(
      '',
      table(
        ['layer', 'where', 'MACs', 'matrix', 'MVMs', 'crossbars', 'replicas', 'cells used', 'tiles'],
        document.layers.map((layer) => [
          layer.name,
          layer.where,
          engineering(layer.macs, ''),
          layer.rows === null ? '–' : `${layer.rows}×${layer.columns}`,
          String(layer.positions),
          String(layer.crossbarsPerReplica * layer.replicas),
          String(layer.replicas),
          layer.cellsUsed === null ? '–' : percent(layer.cellsUsed),
          layer.tiles.join(','),
        ]),
      ),
    );
  }
  for (const warning of document.warnings ?? []) parts.push('', `Warning: ${warning}.`);
  return parts.join('\n');
}

/** A figure in words; a dash for 0, which is what a figure is that nobody stated. */
function stated(value: number, inWords: (value: number) => string): string {
  return value === 0 ? '–' : inWords(value);
}

function watts(power: number): string {
  return engineering(power, 'W');
}

function levels(spec: ArchitectureSpec, components: readonly Component[]): ShowDocument['levels'] {
  const { tile } = spec;
  const crossbars = crossbarCount(spec);
  const analogCores = crossbars === 0 ? 0 : tileCount(spec) * tile.analogCores;
  const digitalCores = tileCount(spec) * tile.digitalCores;
  const mvm = crossbarMvm(spec);
  const crossbar = mvm === undefined ? 0 : mvm.operations / mvm.interval;
  const core = crossbar * (spec.analogCore?.crossbars ?? 0);
  const digital = digitalCoreThroughput(spec);
  const found = [
    {
      level: 'crossbar' as const,
      count: crossbars,
      within: ['crossbar', 'dacBank', 'sampleAndHold', 'adcBank'].map((part) => `analogCore.${part}`),
      throughput: crossbar,
    },
    { level: 'analogCore' as const, count: analogCores, within: ['analogCore'], throughput: core },
    { level: 'digitalCore' as const, count: digitalCores, within: ['digitalCore'], throughput: digital },
    {
      level: 'tile' as const,
      count: tileCount(spec),
      within: ['analogCore', 'digitalCore', 'tile', 'chip.interconnect'],
      throughput: tile.analogCores * core + tile.digitalCores * digital,
    },
    {
      level: 'chip' as const,
      count: 1,
      within: ['analogCore', 'digitalCore', 'tile', 'chip'],
      throughput: analogCores * core + digitalCores * digital,
    },
  ];
  return found
    .filter(({ count }) => count > 0)
    .map(({ level, count, within, throughput }) => {
      const parts = components.filter(({ path }) => within.some((prefix) => isWithin(path, prefix)));
      const sum = (value: (part: Component) => number) =>
        parts.reduce((total, part) => total + value(part), 0) / count;
      const area = sum((part) => part.area * part.count);
      const power = sum(peakPower);
      return {
        level,
        count,
        area,
        peakPower: power,
        leakage: sum((part) => part.leakage * part.count),
        peakThroughput: throughput,
        topsPerWatt: power > 0 ? throughput / power / 1e12 : 0,
        topsPerSquareMillimetre: area > 0 ? throughput / 1e12 / (area * 1e6) : 0,
      };
    });
}

function isWithin(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`);
}

function mvmDocument(spec: ArchitectureSpec): NonNullable<ShowDocument['mvm']> {
  const { energy, ...mvm } = crossbarMvm(spec)!;
  const total = energy.reduce((sum, part) => sum + part.energy, 0);
  return {
    ...mvm,
    energy: total,
    byComponent: [...energy],
    energyPerOperation: total / mvm.operations,
    topsPerWatt: total > 0 ? mvm.operations / total / 1e12 : 0,
    pipeline: [...(tilePipeline(spec) ?? [])],
  };
}

function mvmText(mvm: NonNullable<ShowDocument['mvm']>): string {
  const shares = mvm.byComponent
    .filter(({ energy }) => energy > 0)
    .map(({ component, energy }) => `${component} ${percent(energy / mvm.energy, 0)}`);
  const cycles = mvm.pipeline.reduce((sum, step) => sum + step.cycles, 0);
  return [
    `One MVM of ${mvm.rows}×${mvm.columns} on one crossbar: ${engineering(mvm.energy, 'J')} (${engineering(mvm.energyPerOperation, 'J/OP')}, ${significant(mvm.topsPerWatt)} TOPS/W), ` +
      `${mvm.conversions} conversions, latency ${engineering(mvm.latency, 's')}, interval ${engineering(mvm.interval, 's')}.`,
    ...(mvm.energy > 0 ? [`Its energy: ${shares.join(', ')}.`] : []),
    ...(mvm.pipeline.length > 0
      ? [
          `Through a tile in ${cycles} read times: ${mvm.pipeline.map((step) => `${step.step} ${step.cycles}`).join(', ')}.`,
        ]
      : []),
  ].join('\n');
}

function layers(spec: ArchitectureSpec, lowered: LoweredNetwork, schedule: Schedule): ShowDocument['layers'] {
  return lowered.candidates.map(({ layer, name }) => {
    const lowering = lowered.lowerings[layer]!;
    if (lowering.kind !== 'mvm') throw new Error(`${name} is not an MVM`);
    // Several where a layer takes turns with itself.
    const stages = schedule.stages.filter(
      (one): one is AnalogStage => one.kind === 'analog' && one.layers[0] === layer,
    );
    const home = schedule.stages.find((one) => one.layers.includes(layer))!;
    const base = {
      name,
      macs: mvmMacs(lowering),
      rows: lowering.rows,
      columns: lowering.columns * lowering.groups,
      positions: lowering.positions,
    };
    if (stages.length === 0) {
      return {
        ...base,
        where: 'digital' as const,
        crossbarsPerReplica: 0,
        replicas: 0,
        tiles: [...new Set(home.homes)].sort((a, b) => a - b),
        cellsUsed: null,
      };
    }
    const { rows, columns } = spec.analogCore!.crossbar;
    const blocks = stages.flatMap((stage) => stage.blocks);
    const cells = blocks.reduce((sum, block) => sum + block.groups * block.rows * block.columns, 0);
    const tiles = stages
      .flatMap(({ replicas }) => replicas)
      .flatMap(({ crossbars }) => crossbars.map((crossbar) => tileOfCrossbar(spec, crossbar)));
    return {
      ...base,
      where: 'analog' as const,
      crossbarsPerReplica: blocks.length,
      replicas: Math.min(...stages.map(({ replicas }) => replicas.length)),
      tiles: [...new Set(tiles)].sort((a, b) => a - b),
      cellsUsed: (cells * bitLinesPerColumn(spec.encoding)) / (blocks.length * rows * columns),
    };
  });
}
