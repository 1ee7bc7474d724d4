import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { ExternalData } from './constant.ts';

/** External tensor data of a model file: only regular files inside the model's own folder, links resolved. */
export function externalDataBeside(modelFile: string): ExternalData {
  const folder = realpathSync(dirname(modelFile));
  return (location, offset, length) => {
    const path = confined(folder, location);
    if (path === undefined) return undefined;
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
      throw new Fault(`external data "${location}" has offset ${offset} and length ${length}`);
    }
    try {
      return readRange(path, location, offset, length);
    } catch (error) {
      if (error instanceof Fault) throw error;
      throw new Fault(`external data "${location}" cannot be read: ${(error as Error).message}`);
    }
  };
}

/** For models that came without a folder. */
export const noExternalData: ExternalData = (location) => {
  throw new Fault(`external data "${location}" cannot be read`, { cure: 'read the model from its file' });
};

/** The path of a file in the folder; undefined when there is none. */
function confined(folder: string, location: string): string | undefined {
  const wanted = resolve(folder, location);
  if (location === '' || isAbsolute(location) || leaves(folder, wanted)) {
    throw new Fault(`external data "${location}" lies outside the model's folder`, {
      cure: 'keep it beside the model',
    });
  }
  let path: string;
  try {
    path = realpathSync(wanted);
  } catch {
    return undefined;
  }
  if (leaves(folder, path)) throw new Fault(`external data "${location}" links outside the model's folder`);
  return path;
}

function leaves(folder: string, path: string): boolean {
  const step = relative(folder, path);
  return step === '' || step.split(/[\\/]/)[0] === '..' || isAbsolute(step);
}

function readRange(path: string, location: string, offset: number, length: number): Uint8Array {
  // Asked before opening: opening a named pipe would wait for its writer.
  const stats = statSync(path);
  if (!stats.isFile()) throw new Fault(`external data "${location}" is not a file`);
  if (offset + length > stats.size) {
    throw new Fault(`external data "${location}" has ${stats.size} bytes, ${offset + length} are needed`);
  }
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const read = readSync(file, bytes, filled, length - filled, offset + filled);
      if (read === 0) throw new Fault(`external data "${location}" ended early`);
      filled += read;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}
