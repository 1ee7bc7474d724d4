#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { Fault } from './base/fault.ts';
import { checkCommand } from './cli/check-command.ts';
import { explainCommand } from './cli/explain-command.ts';
import { exportCommand } from './cli/export-command.ts';
import { Interrupted } from './cli/interrupted.ts';
import { listCommand } from './cli/list-command.ts';
import { reproCommand } from './cli/repro-command.ts';
import { runCommand } from './cli/run-command.ts';
import { schemaCommand } from './cli/schema-command.ts';
import { compareCommand, serveCommand } from './cli/serving-commands.ts';
import { showCommand } from './cli/show-command.ts';
import { version } from './version.ts';

// Commands load what they need when they run: `--help` answers at once.

/** Runs a command line (without node and script); the exit code: 0, 2 for a fault of the input, 130 interrupted. */
export async function main(words: readonly string[]): Promise<number> {
  const interrupted = new AbortController();
  const onInterrupt = () => {
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort(new Interrupted());
    // Whatever hangs by then is not worth waiting for.
    setTimeout(() => process.exit(130), 10_000).unref();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    const exit = { code: 0 };
    await commandLine(interrupted.signal, exit).parseAsync(words, { from: 'user' });
    return exit.code;
  } catch (error) {
    return exitCode(error, interrupted.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

function commandLine(signal: AbortSignal, exit: { code: number }): Command {
  const program = new Command('kirchhoff')
    .description('Cycle-level simulator of hybrid analog-digital DNN accelerators')
    .version(version(), '-V, --version', 'print the version')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });

  const commands = [
    ...[runCommand(signal), explainCommand(signal), serveCommand(signal), compareCommand(signal)],
    ...[checkCommand(exit), listCommand(), showCommand(), schemaCommand()],
    ...[reproCommand(signal), exportCommand()],
  ];
  for (const command of commands) program.addCommand(command);

  // Every command inherits how errors end: one line, exit code 2.
  for (const command of program.commands.flatMap((one) => [one, ...one.commands]))
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  return program;
}

function exitCode(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) {
    const kept = error instanceof Interrupted && error.message !== '';
    process.stderr.write(`${kept ? error.message : 'interrupted: nothing was written'}\n`);
    return 130;
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const hint =
      error.code === 'commander.excessArguments' ? " (quote values with spaces: --set 'path=1 GHz')" : '';
    const text = error.message.replace(/^error: /, '').trim() + hint;
    process.stderr.write(
      `kirchhoff: ${text.startsWith('(outputHelp)') ? 'no command given (try kirchhoff --help)' : text}\n`,
    );
    return 2;
  }
  if (error instanceof Fault) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const detail =
    error instanceof Error ? (process.env.KIRCHHOFF_DEBUG ? error.stack : error.message) : String(error);
  process.stderr.write(
    `kirchhoff failed, and not because of its input: ${detail}\n(KIRCHHOFF_DEBUG=1 shows where; please report it)\n`,
  );
  return 1;
}

const script = process.argv[1];
if (script !== undefined && realpathSync(script) === realpathSync(fileURLToPath(import.meta.url))) {
  // A reader that has seen enough, such as `head`, is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  process.exitCode = await main(process.argv.slice(2));
}
