/** The public names of the library. */
export { Fault, Faults, type Place } from './base/fault.ts';
export { CalibrationCache, calibrationFolder } from './calibration-cache.ts';
export {
  type ExperimentRequest,
  planSchedules,
  planWorkload,
  runExperiment,
} from './experiment/experiment.ts';
export type { ArchitectureSpec } from './hardware/architecture.ts';
export { type MacroFigures, macroFigures } from './hardware/macros/figures.ts';
export { inventory } from './hardware/inventory.ts';
export { readArchitecture } from './input/architecture.ts';
export { type MacroFile, readMacro } from './input/macro.ts';
export { readLayerShapes } from './input/layer-shapes/read-layer-shapes.ts';
export { readOnnx } from './input/onnx/read-onnx.ts';
export { readWorkload } from './input/workload.ts';
export { playSchedule } from './machine/machine.ts';
export { buildSchedule } from './mapping/build-schedule.ts';
export { lowerNetwork } from './mapping/lowered-network.ts';
export { partitionFrom } from './mapping/partition/index.ts';
export { evaluateNetwork } from './network/evaluate.ts';
export type { Network } from './network/network.ts';
export { measureAccuracy, simulateLogits } from './numerics/accuracy.ts';
export type { Chance } from './numerics/crossbar/chance.ts';
export {
  crossbar,
  type Matrix,
  programCrossbar,
  type ProgrammedCrossbar,
} from './numerics/crossbar/crossbar.ts';
export { crossSimParameters } from './numerics/crossbar/crosssim-parameters.ts';
export type { CrossSimParameters } from './numerics/crossbar/crosssim-reader.ts';
export type { CrossbarParameters, CrossbarSettings } from './numerics/crossbar/parameters.ts';
export type { CalibrationMemory } from './numerics/calibration-memory.ts';
export type { Report } from './report/report.ts';
