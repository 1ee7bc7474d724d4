import { checkParameters } from './contradictions.ts';
import { parameterFault } from './parameter-fault.ts';
import { type CrossbarParameters, crossbarSchema, type CrossbarSettings } from './parameters.ts';

/** Parameters with their defaults; a Fault names the key that is unknown, out of range or at odds with another. */
export function crossbarSettings(parameters: CrossbarParameters): CrossbarSettings {
  const result = crossbarSchema.safeParse(parameters);
  if (!result.success) throw parameterFault(result.error.issues[0]!, parameters, crossbarSchema);
  checkParameters(result.data);
  return result.data;
}
