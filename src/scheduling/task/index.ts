import { Registry } from '../../base/registry.ts';
import { deepestStage, fifo, oldestInference } from './orders.ts';
import type { TaskPolicy } from './task-policy.ts';

/** Every order in which digital cores may take ready tasks; the first one is the default. */
export const taskPolicies = new Registry<TaskPolicy>('task policy', [oldestInference, fifo, deepestStage]);
