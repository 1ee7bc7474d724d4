import type { ComponentName } from '../hardware/component.ts';
import type { Resource } from '../report/analysis.ts';

/**
 * The resource that an action of a component holds. All parts of an MVM act together with the crossbars, reading
 * weights is one with the MACs that use them: they hold nothing of their own, and it is undefined.
 */
export function resourceOfComponent(component: ComponentName, action: string): Resource | undefined {
  switch (component) {
    case 'crossbar':
      return action === 'program' ? 'programming' : 'crossbars';
    case 'macArray':
    case 'vectorUnit':
      return 'digitalCores';
    case 'buffer':
      return 'bufferPorts';
    case 'interconnect':
      return 'links';
    case 'memory':
      return 'memoryPort';
    default:
      return undefined;
  }
}
