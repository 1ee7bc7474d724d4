import { calendarTable } from './calendar.ts';
import { crossbarTable } from './crossbar.ts';
import { mainJobTable } from './main-job.ts';
import { machineTable } from './machine.ts';
import { mvmTable } from './mvm.ts';
import { servingTable } from './serving.ts';

// `npm run bench [calendar|machine|serving|mvm|crossbar|main-job] [--quick]`: every measurement, one table each, ratios within one run.
const words = process.argv.slice(2);
const quick = words.includes('--quick');
const wanted = words.filter((word) => !word.startsWith('--'));
const tables = {
  calendar: calendarTable,
  machine: machineTable,
  serving: servingTable,
  mvm: mvmTable,
  crossbar: crossbarTable,
  'main-job': mainJobTable,
};
for (const [name, table] of Object.entries(tables)) {
  if (wanted.length === 0 || wanted.includes(name)) console.log(`\n${await table({ quick })}`);
}
