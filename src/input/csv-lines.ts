import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Fault } from '../base/fault.ts';
import { systemText } from './text-file.ts';

/** Bytes of a piece that is read at once, and so of the longest line. */
const PIECE = 2 ** 18;

/**
 * Hands the lines of a large UTF-8 table to `take`, one after the other, without blank ones and comments (`#`); never more than
 * a piece of the file is in memory. `bytes` is the size of the file. Resolves to the SHA-256 of the file. Throws a Fault when
 * it is no regular file, has more than `limit` bytes, is not UTF-8 or has a line of more than 256 KiB.
 */
export async function eachCsvLine(
  file: string,
  limit: number,
  take: (text: string, number: number, bytes: number) => void,
): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    // Before it is opened: opening a pipe waits for its writer.
    const status = await stat(file);
    if (!status.isFile()) {
      const problem = status.isDirectory() ? 'is a folder' : 'is not a regular file';
      throw new Fault(problem, { cure: 'name a file', place: { file } });
    }
    if (status.size > limit) {
      throw new Fault(`has ${Math.ceil(status.size / 2 ** 20).toLocaleString('en')} MiB`, {
        cure: `at most ${limit / 2 ** 20} MiB: cut it, or play a part of it again with repeat`,
        place: { file },
      });
    }
    handle = await open(file, 'r');
    return await linesOf(handle, file, status.size, take);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new Fault(systemText(error), { cure: 'check the name of the file', place: { file } });
  } finally {
    await handle?.close();
  }
}

async function linesOf(
  handle: FileHandle,
  file: string,
  size: number,
  take: (text: string, number: number, bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(PIECE);
  let kept = 0;
  let total = 0;
  let number = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, kept, PIECE - kept);
    hash.update(buffer.subarray(kept, kept + bytesRead));
    total += bytesRead;
    if (total > size)
      throw new Fault('grew while it was read', { cure: 'wait until it is written', place: { file } });
    const filled = kept + bytesRead;
    const newline = buffer.subarray(0, filled).lastIndexOf(0x0a);
    const end = bytesRead === 0 ? filled : newline + 1;
    if (end === 0 && filled === PIECE) {
      throw new Fault(`a line of more than ${PIECE / 1024} KiB`, {
        cure: 'is it a CSV file?',
        place: { file, line: number + 1 },
      });
    }
    const piece = buffer.subarray(0, end);
    if (!isUtf8(piece)) throw notUtf8(piece, file, number);
    let text = piece.toString('utf8');
    if (number === 0 && text.startsWith('\uFEFF')) text = text.slice(1);
    // What follows the last line break is the next line only where something stands there.
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) {
      number += 1;
      const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (bare.trim() !== '' && !bare.startsWith('#')) take(bare, number, size);
    }
    if (bytesRead === 0) return hash.digest('hex');
    buffer.copyWithin(0, end, filled);
    kept = filled - end;
  }
}

function notUtf8(piece: Buffer, file: string, before: number): Fault {
  let from = 0;
  for (let line = before + 1; ; line++) {
    const newline = piece.indexOf(0x0a, from);
    const end = newline < 0 ? piece.length : newline;
    const bytes = piece.subarray(from, end);
    if (!isUtf8(bytes) || newline < 0) {
      const column = Math.max(1, bytes.toString('utf8').indexOf('\uFFFD') + 1);
      return new Fault('is not UTF-8', { cure: 'save it as UTF-8', place: { file, line, column } });
    }
    from = end + 1;
  }
}
