/**
 * URL of a built file, such as kernels or the script of worker threads, that lies beside the module at `from`. Where
 * TypeScript is run as it is (tests, benchmarks), it is the one in `dist/`, which has to be built: threads would take a second
 * to translate theirs. Built scripts of threads are bundles: a thread that loads 150 modules takes twice as long to start.
 */
export function builtFile(name: string, from: string): URL {
  const beside = new URL(name, from);
  return from.endsWith('.ts') ? new URL(beside.href.replace(/\/src\/(?!.*\/src\/)/, '/dist/')) : beside;
}
