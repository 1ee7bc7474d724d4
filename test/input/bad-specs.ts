/** One way to spoil `specs/small.yaml`, and the first line of what the reader says. */
export interface BadSpec {
  readonly what: string;
  /** Text to find in the good spec (once) and what to put there. */
  readonly edit?: readonly [find: string, replace: string];
  /** A whole file instead. */
  readonly text?: string;
  readonly sets?: readonly string[];
  /** The first line, FILE standing for the file. */
  readonly says: string;
}

export const badSpecs: readonly BadSpec[] = [
  {
    what: 'empty file',
    text: '',
    says: 'FILE: is empty (write a spec, or start from one of arch/ or workloads/)',
  },
  {
    what: 'only comments',
    text: '# nothing\n\n',
    says: 'FILE: is empty (write a spec, or start from one of arch/ or workloads/)',
  },
  {
    what: 'a list',
    text: '- a\n- b\n',
    says: 'FILE:1:1: found a list (needs a map with name, description, technology, chip, tile, analogCore, digitalCore, encoding, parameters)',
  },
  {
    what: 'a text',
    text: 'hello\n',
    says: 'FILE:1:1: found the text "hello" (needs a map with name, description, technology, chip, tile, analogCore, digitalCore, encoding, parameters)',
  },
  {
    what: 'a tab in the indentation',
    edit: ['  tiles: 4', '\ttiles: 4'],
    says: 'FILE:9:1: a tab in the indentation (indent with spaces)',
  },
  {
    what: 'duplicate key',
    edit: ['  tiles: 4', '  tiles: 4\n  tiles: 5'],
    says: 'FILE:10:3: this key is given twice (keep one of them)',
  },
  {
    what: 'wrong indentation',
    edit: ['  tiles: 4', '   tiles: 4'],
    says: 'FILE:10:1: the indentation differs from the line above (start all keys of a map in the same column)',
  },
  {
    what: 'unclosed bracket',
    edit: ['{ energy: 1 fJ }', '{ energy: 1 fJ'],
    says: 'FILE:34:3: a bracket before this is not closed by } (add })',
  },
  {
    what: 'unclosed quote',
    edit: ['name: small', 'name: "small'],
    says: 'FILE:1:7: a quoted text is not closed (add the quote at its end)',
  },
  {
    what: 'two colons',
    edit: ['  digitalCores: 1', '  digitalCores: one: two'],
    says: 'FILE:16:17: a second `:` in one line (put nested keys on lines of their own, or quote a text with `: `)',
  },
  {
    what: 'two documents',
    edit: ['tile:\n', '---\ntile:\n'],
    says: 'FILE:14:1: a second document starts here (one document a file: remove the --- line)',
  },
  {
    what: 'a tag',
    edit: ['name: small', 'name: !!js/function small'],
    says: 'FILE:1:7: tags are not used here (remove the !tag)',
  },
  {
    what: 'a tag of YAML',
    edit: ['name: small', 'name: !!binary aGVsbG8='],
    says: 'FILE:1:16: the tag !!binary is not used here (remove it)',
  },
  {
    what: 'an anchor that is not there',
    edit: ['weightMemory: *storage', 'weightMemory: *store'],
    says: 'FILE:48:17: no anchor &store before this (define it above)',
  },
  {
    what: 'an alias inside its own anchor',
    edit: ['buffer: &storage\n', 'buffer: &storage\n    self: *storage\n'],
    says: 'FILE:18:5: nested more than 32 deep (a spec needs far less)',
  },
  {
    what: 'alias bomb',
    text: `a: &a [1,1,1,1,1,1,1,1,1,1]\n${[...'bcdefgh'].map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(10)}]`).join('\n')}\n`,
    says: 'FILE:1:24: more than 20000 values (aliases count each time they are used)',
  },
  {
    what: 'nested too deeply',
    text: `name: ${'['.repeat(100)}${']'.repeat(100)}\n`,
    says: 'FILE:1:71: nested too deeply (a spec needs far less)',
  },
  {
    what: 'nested absurdly',
    text: `name: ${'['.repeat(100_000)}`,
    says: 'FILE:1:71: nested too deeply (a spec needs far less)',
  },
  {
    what: 'a merge of a list',
    edit: ['<<: *storage', '<<: [1, 2]'],
    says: 'FILE:43:10: << merges maps only (give it *name of a map, or a list of those)',
  },
  {
    what: 'unknown key',
    edit: ['    rows: 128', '    rowz: 128'],
    says: 'FILE:25:5 analogCore.crossbar.rowz: unknown key (did you mean rows? known: rows, columns, readTime, readEnergy, reads, fullReadEnergy, readLaw, area, leakage, wires)',
  },
  {
    what: 'unknown section',
    edit: ['digitalCore:\n', 'digitalCores:\n'],
    says: 'FILE:45:1 digitalCores: unknown key (did you mean digitalCore? known: name, description, technology, chip, tile, analogCore, digitalCore, encoding, parameters)',
  },
  {
    what: 'unknown key in another case',
    edit: ['      bits: adcBits', '      Bits: adcBits'],
    says: 'FILE:38:7 analogCore.adcBank.adc.Bits: unknown key (did you mean bits? known: type, bits, levels, split, capacitorMismatch, comparatorOffset, amplifierGain, noise, sampleRate, energy, area, leakage)',
  },
  {
    what: '__proto__',
    edit: ['  tiles: 4', '  tiles: 4\n  __proto__: { tiles: 9 }'],
    says: 'FILE:10:3 chip.__proto__: unknown key (known: tiles, count, chipLink, interconnect, memory, fixed)',
  },
  {
    what: 'missing key',
    edit: ['    readTime: 100 ns\n', ''],
    says: 'FILE:24:3 analogCore.crossbar: missing key readTime (add readTime: 100 ns # to settle and integrate one input slice)',
  },
  {
    what: 'missing section',
    edit: ['  sampleAndHold: { energy: 1 fJ }\n', ''],
    says: 'FILE:22:1 analogCore: missing key sampleAndHold (add sampleAndHold: with energy, or { type: isaac, … } # one for each bit line)',
  },
  {
    what: 'missing model',
    edit: ['    dac: { type: driver, energy: 1 fJ }', '    {}'],
    says: 'FILE:31:3 analogCore.dacBank: missing key dac (add dac: { type: driver | capacitive | isaac | rowDriver | published, … } # the driver of one word line)',
  },
  {
    what: 'missing name',
    edit: ['name: small\n', ''],
    says: 'FILE:1:1: missing key name (add name: … # shown in reports)',
  },
  {
    what: 'empty section',
    edit: ['    bits: 7', ''],
    says: 'FILE:29:8 analogCore.cell: found nothing (needs a map with bits, onOffRatio, program, drift, read, iv, maxConductance, stuckOff, stuckOn)',
  },
  {
    what: 'section as a text',
    edit: ['\n    bits: 7', ' seven bits'],
    says: 'FILE:29:9 analogCore.cell: found the text "seven bits" (needs a map with bits, onOffRatio, program, drift, read, iv, maxConductance, stuckOff, stuckOn)',
  },
  {
    what: 'list instead of a map',
    edit: ['sampleAndHold: { energy: 1 fJ }', 'sampleAndHold: [energy, 1 fJ]'],
    says: 'FILE:33:3 analogCore.sampleAndHold: found a list (needs a map with energy, area, type)',
  },
  {
    what: 'map instead of a list',
    edit: ['    - { name: control, power: 1 mW, area: share }', '    name: control'],
    says: 'FILE:12:3 chip.fixed: found a map (needs a list)',
  },
  {
    what: 'map instead of a number',
    edit: ['  tiles: 4', '  tiles: { count: 4 }'],
    says: 'FILE:9:3 chip.tiles: found a map (needs a whole number)',
  },
  {
    what: 'unknown adc type',
    edit: ['type: sar', 'type: sarr'],
    says: 'FILE:37:13 analogCore.adcBank.adc.type: unknown type "sarr" (did you mean sar? known: sar, flash, ramp, pipeline, cyclic, survey, isaac, zigzag, neurosim, published, ideal)',
  },
  {
    what: 'adc type is a number',
    edit: ['type: sar', 'type: 3'],
    says: 'FILE:37:13 analogCore.adcBank.adc.type: found 3 (known: sar, flash, ramp, pipeline, cyclic, survey, isaac, zigzag, neurosim, published, ideal)',
  },
  {
    what: 'adc without type',
    edit: ['      type: sar\n', ''],
    says: 'FILE:36:5 analogCore.adcBank.adc: missing key type (add type: sar)',
  },
  {
    what: 'key of another adc',
    edit: ['energy: 2 pJ * 2^(adcBits - 8)', 'energy: 2 pJ\n      comparatorEnergy: 1 fJ'],
    says: 'FILE:41:7 analogCore.adcBank.adc.comparatorEnergy: unknown key (known: type, bits, levels, split, capacitorMismatch, comparatorOffset, amplifierGain, noise, sampleRate, energy, area, leakage)',
  },
  {
    what: 'bare number',
    edit: ['clock: 1 GHz', 'clock: 1e9'],
    says: 'FILE:46:10 digitalCore.clock: 1000000000 needs a unit (such as 1 GHz)',
  },
  {
    what: 'wrong dimension',
    edit: ['clock: 1 GHz', 'clock: 0.5 uS'],
    says: 'FILE:46:10 digitalCore.clock: "0.5 uS" is a conductance (needs a frequency, such as 1 GHz)',
  },
  {
    what: 'wrong dimension of arithmetic',
    edit: ['area: share', 'area: share * 2 um'],
    says: 'FILE:13:43 chip.fixed[0].area: "share * 2 um" is a volume (needs an area, such as 25 um^2)',
  },
  {
    what: 'sum of different kinds',
    edit: ['area: share', 'area: share + 2 um'],
    says: 'FILE:13:43 chip.fixed[0].area: "share + 2 um" adds or compares quantities of different kinds (give every term the same kind of unit)',
  },
  {
    what: 'unknown unit',
    edit: ['clock: 1 GHz', 'clock: 1 Ghz'],
    says: 'FILE:46:10 digitalCore.clock: unknown unit or parameter Ghz (did you mean GHz? parameters: adcBits, coreArea, share)',
  },
  {
    what: 'sloppy unit of data',
    edit: ['capacity: 64 KiB', 'capacity: 64 KB'],
    says: 'FILE:18:15 tile.buffer.capacity: unknown unit KB (write kB for 1000 bytes or KiB for 1024)',
  },
  {
    what: 'below the range',
    edit: ['    rows: 128', '    rows: 0'],
    says: 'FILE:25:11 analogCore.crossbar.rows: 0 is too small (at least 1)',
  },
  {
    what: 'negative',
    edit: ['    rows: 128', '    rows: -128'],
    says: 'FILE:25:11 analogCore.crossbar.rows: -128 is too small (at least 1)',
  },
  {
    what: 'negative energy',
    edit: [
      'shiftAndAdd: { rate: 1.28 GHz, energy: 0.05 pJ }',
      'shiftAndAdd: { rate: 1.28 GHz, energy: -1 pJ }',
    ],
    says: 'FILE:41:42 analogCore.shiftAndAdd.energy: -1 pJ is too small (at least 0 J)',
  },
  {
    what: '1e12 tiles',
    edit: ['  tiles: 4', '  tiles: 1e12'],
    says: 'FILE:9:10 chip.tiles: 1000000000000 is too large (at most 65536)',
  },
  {
    what: 'half a tile',
    edit: ['  tiles: 4', '  tiles: 4.5'],
    says: 'FILE:9:10 chip.tiles: 4.5 is not a whole number (ceil(…) and floor(…) round)',
  },
  {
    what: 'not a number',
    edit: ['  tiles: 4', '  tiles: .nan'],
    says: 'FILE:9:10 chip.tiles: NaN is not a finite number (needs a whole number)',
  },
  {
    what: 'infinite',
    edit: ['clock: 1 GHz', 'clock: .inf'],
    says: 'FILE:46:10 digitalCore.clock: Infinity is not a finite number (needs a frequency, such as 1 GHz)',
  },
  {
    what: 'a switch for a number',
    edit: ['  tiles: 4', '  tiles: yes'],
    says: 'FILE:9:10 chip.tiles: unknown unit or parameter yes (parameters: adcBits, coreArea, share)',
  },
  {
    what: 'true for a number',
    edit: ['  tiles: 4', '  tiles: true'],
    says: 'FILE:9:10 chip.tiles: found true (needs a whole number)',
  },
  {
    what: 'code',
    edit: ['clock: 1 GHz', 'clock: import("node:fs")'],
    says: 'FILE:46:10 digitalCore.clock: there is no function import (allowed: numbers, units, parameters, + - * / ^, a ? b : c, min, max, ceil, floor, round, sqrt, log2, abs, pow)',
  },
  {
    what: 'function definition',
    edit: ['clock: 1 GHz', 'clock: f(x) = x GHz'],
    says: 'FILE:46:10 digitalCore.clock: defining a function is not arithmetic (allowed: numbers, units, parameters, + - * / ^, a ? b : c, min, max, ceil, floor, round, sqrt, log2, abs, pow)',
  },
  {
    what: 'constructor',
    edit: ['clock: 1 GHz', 'clock: adcBits.constructor("return process")()'],
    says: 'FILE:46:10 digitalCore.clock: "adcBits.constructor(\\"return process\\")()" is not a quantity nor arithmetic: near ")" (such as 2 pJ or 16 mW / 8)',
  },
  {
    what: 'huge matrix',
    edit: ['clock: 1 GHz', 'clock: ones(100000, 100000)'],
    says: 'FILE:46:10 digitalCore.clock: there is no function ones (allowed: numbers, units, parameters, + - * / ^, a ? b : c, min, max, ceil, floor, round, sqrt, log2, abs, pow)',
  },
  {
    what: 'huge power',
    edit: ['clock: 1 GHz', 'clock: 9^9^9 Hz'],
    says: 'FILE:46:10 digitalCore.clock: "9^9^9 Hz" is not a finite number (look for a division by zero or a huge power)',
  },
  {
    what: 'division by zero',
    edit: ['clock: 1 GHz', 'clock: 1 GHz / 0'],
    says: 'FILE:46:10 digitalCore.clock: "1 GHz / 0" is not a finite number (look for a division by zero or a huge power)',
  },
  {
    what: 'endless expression',
    edit: ['clock: 1 GHz', `clock: 1 GHz${' + 1 GHz'.repeat(40)}`],
    says: 'FILE:46:10 digitalCore.clock: the expression has 325 characters (at most 200)',
  },
  {
    what: 'undefined parameter',
    edit: ['bits: adcBits', 'bits: adcBit'],
    says: 'FILE:38:13 analogCore.adcBank.adc.bits: unknown unit or parameter adcBit (did you mean adcBits? parameters: adcBits, coreArea, share)',
  },
  {
    what: 'parameter cycle',
    edit: ['coreArea: 0.04 mm^2', 'coreArea: share * 8'],
    says: 'FILE:7:10 parameters.share: parameters depend on each other: coreArea → share → coreArea (give one of them a value)',
  },
  {
    what: 'parameter of itself',
    edit: ['adcBits: 6', 'adcBits: adcBits + 1'],
    says: 'FILE:5:12 parameters.adcBits: parameters depend on each other: adcBits → adcBits (give one of them a value)',
  },
  {
    what: 'parameter called like a unit',
    edit: ['  adcBits: 6', '  adcBits: 6\n  s: 4'],
    says: 'FILE:6:3 parameters.s: s is the name of a unit or a function (give it a longer name, such as sValue)',
  },
  {
    what: 'parameter with a bad name',
    edit: ['  adcBits: 6', '  adcBits: 6\n  adc bits: 4'],
    says: 'FILE:6:3 parameters.adc bits: "adc bits" cannot name a parameter (use letters, digits and _, starting with a letter)',
  },
  {
    what: 'parameter that is a list',
    edit: ['  adcBits: 6', '  adcBits: [6]'],
    says: 'FILE:5:3 parameters.adcBits: found a list (a parameter is a number, a quantity or arithmetic)',
  },
  {
    what: 'parameters that are a list',
    edit: ['parameters:\n  adcBits: 6\n  coreArea: 0.04 mm^2\n  share: coreArea / 8\n', 'parameters: [6]\n'],
    says: 'FILE:4:1 parameters: found a list (needs a map from names to quantities)',
  },
  {
    what: 'wrong choice',
    edit: ['interconnect: {', 'interconnect: { type: mash,'],
    says: 'FILE:10:25 chip.interconnect.type: unknown value "mash" (did you mean mesh? known: mesh, tree, bus)',
  },
  {
    what: 'no digital core',
    edit: ['  digitalCores: 1', '  digitalCores: 0'],
    says: 'FILE:16:17 tile.digitalCores: no digital core to do activations, pooling and additions (set at least 1; without macArray it serves vector work only)',
  },
  {
    what: 'contradiction of two sections',
    edit: ['    bits: 7', '    bits: 4'],
    says: 'FILE:30:11 analogCore.cell.bits: a weight slice of 7 bits does not fit a cell of 4 bits (raise cell.bits to 7 or encoding.weightSlices)',
  },
  {
    what: 'contradiction by --set',
    sets: ['analogCore.cell.bits=4'],
    says: '--set analogCore.cell.bits=4: a weight slice of 7 bits does not fit a cell of 4 bits (raise cell.bits to 7 or encoding.weightSlices)',
  },
  {
    what: '--set without =',
    sets: ['chip.tiles'],
    says: '--set chip.tiles: has no = (write --set path=value)',
  },
  {
    what: '--set without a value',
    sets: ['chip.tiles='],
    says: '--set chip.tiles=: has no value (write --set path=value)',
  },
  {
    what: '--set of an unknown key',
    sets: ['chip.tils=8'],
    says: '--set chip.tils=8: chip has no key tils (did you mean tiles? known: tiles, count, chipLink, interconnect, memory, fixed)',
  },
  {
    what: '--set of a parameter as if it were a field',
    sets: ['adcBits=8'],
    says: '--set adcBits=8: the spec has no key adcBits (did you mean parameters.adcBits? known: name, description, technology, chip, tile, analogCore, digitalCore, encoding, parameters)',
  },
  {
    what: 'a number for a name',
    edit: ['name: small', 'name: 32'],
    says: 'FILE:1:7 name: found 32 (needs a text: quote it, "32")',
  },
  {
    what: '--set of an unknown parameter',
    sets: ['parameters.adcBit=8'],
    says: '--set parameters.adcBit=8: parameters has no key adcBit (did you mean adcBits? known: adcBits, coreArea, share)',
  },
  {
    what: '--set below a number',
    sets: ['chip.tiles.count=8'],
    says: '--set chip.tiles.count=8: chip.tiles is 4 (nothing lies below it)',
  },
  {
    what: '--set of a list entry that is not there',
    sets: ['chip.fixed[3].power=1 W'],
    says: '--set chip.fixed[3].power=1 W: chip.fixed has no entry 3 (use an index from 0 to 0)',
  },
  {
    what: '--set with a strange path',
    sets: ['chip..tiles=8'],
    says: '--set chip..tiles=8: the path cannot be read (such as chip.tiles or chip.fixed[0].power)',
  },
  {
    what: '--set of __proto__',
    sets: ['__proto__.tiles=8'],
    says: '--set __proto__.tiles=8: the spec has no key __proto__ (known: name, description, technology, chip, tile, analogCore, digitalCore, encoding, parameters)',
  },
  {
    what: '--set out of range',
    sets: ['chip.tiles=1e12'],
    says: '--set chip.tiles=1e12: 1000000000000 is too large (at most 65536)',
  },
  {
    what: '--set of a wrong unit',
    sets: ['digitalCore.clock=1 ns'],
    says: '--set digitalCore.clock=1 ns: "1 ns" is a time (needs a frequency, such as 1 GHz)',
  },
  {
    what: '--set of a section with an unknown key',
    sets: ['analogCore.adcBank.adc={type: sar, bitz: 3}'],
    says: '--set analogCore.adcBank.adc={type: sar, bitz: 3}: missing key sampleRate (add sampleRate: 1.28 GS/s # conversions per second of one converter)',
  },
  {
    what: '--set of broken YAML',
    sets: ['chip.tiles=[8'],
    says: '--set chip.tiles=[8: the value is not YAML (a number, a text or a flow list or map)',
  },
  {
    what: '--set of a parameter that spoils a field',
    sets: ['parameters.adcBits=20'],
    says: 'FILE:38:13 analogCore.adcBank.adc.bits: adcBits = 20 is too large (at most 14)',
  },
  {
    what: 'a converter of one level',
    edit: ['      type: sar\n', '      type: sar\n      levels: 1\n'],
    says: 'FILE:38:15 analogCore.adcBank.adc.levels: 1 is too small (at least 2)',
  },
  {
    what: 'an on/off ratio below 1',
    edit: ['    bits: 7\n', '    bits: 7\n    onOffRatio: 0.5\n'],
    says: 'FILE:31:17 analogCore.cell.onOffRatio: 0.5 is too small (more than 1)',
  },
  {
    what: 'a negative wire resistance',
    edit: ['    columns: 128\n', '    columns: 128\n    wires: { rowResistance: -1 ohm }\n'],
    says: 'FILE:27:29 analogCore.crossbar.wires.rowResistance: -1 ohm is too small (at least 0 ohm)',
  },
  {
    what: 'wires beside cells of unknown conductance',
    edit: ['    columns: 128\n', '    columns: 128\n    wires: { rowResistance: 1 ohm }\n'],
    says: 'FILE:27:5 analogCore.crossbar.wires: resistive wires beside cells of unknown conductance (give analogCore.cell.maxConductance)',
  },
  {
    what: 'a given range without limits',
    edit: ['    count: 1\n', '    count: 1\n    range: given\n'],
    says: 'FILE:36:12 analogCore.adcBank.range: given, but there are no limits (add limits, or choose another range)',
  },
  {
    what: 'a given range that is inverted',
    edit: ['    count: 1\n', '    count: 1\n    range: given\n    limits: [[2, -2]]\n'],
    says: 'FILE:37:5 analogCore.adcBank.limits.0: 2 is not below -2 (exchange them)',
  },
  {
    what: 'limits of as many slices as there are not',
    edit: ['    count: 1\n', '    count: 1\n    range: given\n    limits: [[-2, 2], [-1, 1], [-1, 1]]\n'],
    says: 'FILE:37:5 analogCore.adcBank.limits: 3 pairs for 1 weight slices (give one, or one for each slice)',
  },
  {
    what: 'limits that nothing uses',
    edit: ['    count: 1\n', '    count: 1\n    limits: [[-2, 2]]\n'],
    says: 'FILE:36:5 analogCore.adcBank.limits: limits have no meaning for range calibrated (set range: given)',
  },
  {
    what: 'SONOS older than its data',
    edit: ['    bits: 7\n', '    bits: 7\n    drift: { type: sonosDrift, after: 6 days }\n'],
    says: 'FILE:31:39 analogCore.cell.drift.after: 518.4 ks is too large (at most 432 ks)',
  },
  {
    what: 'slices that do not add up',
    edit: ['analogCore:\n', 'encoding: { sliceBits: [2, 2] }\nanalogCore:\n'],
    says: 'FILE:22:13 encoding.sliceBits: slices of 4 bits for 7 bits of a weight (make them add up to 7)',
  },
  {
    what: 'twoSided pairs of offset cells',
    edit: ['analogCore:\n', 'encoding: { scheme: offset, pairing: twoSided }\nanalogCore:\n'],
    says: 'FILE:22:38 encoding.pairing: twoSided pairs with offset cells, which have no partner (use scheme: differential)',
  },
  {
    what: 'offset cells subtracted',
    edit: ['analogCore:\n', 'encoding: { scheme: offset, subtraction: digital }\nanalogCore:\n'],
    says: 'FILE:22:42 encoding.subtraction: offset cells have nothing to subtract (use scheme: differential)',
  },
  {
    what: 'a unit column beside pairs',
    edit: ['analogCore:\n', 'encoding: { offsetRemoval: unitColumn }\nanalogCore:\n'],
    says: 'FILE:22:28 encoding.offsetRemoval: differential pairs have no offset (use scheme: offset)',
  },
  {
    what: 'twoSided pairs in slices',
    edit: ['analogCore:\n', 'encoding: { pairing: twoSided, weightSlices: 2 }\nanalogCore:\n'],
    says: 'FILE:22:22 encoding.pairing: twoSided pairs of several slices: the middle of a pair is no level (use pairing: oneSided, or one slice)',
  },
  {
    what: 'charges of two’s complement',
    edit: [
      'analogCore:\n',
      'encoding: { signedInputs: twosComplement, accumulation: analog }\nanalogCore:\n',
    ],
    says: 'FILE:22:27 encoding.signedInputs: charges of twosComplement inputs would have to be taken off each other before they are converted (use accumulation: digital, or signedInputs: signMagnitude)',
  },
  {
    what: 'a converter of no resolution',
    edit: ['bits: adcBits', 'split: true'],
    says: 'FILE:36:5 analogCore.adcBank.adc: missing key bits (add bits: 8 # resolution)',
  },
  {
    what: 'levels that are not so many bits',
    edit: ['bits: adcBits', 'bits: 4\n      levels: 40'],
    says: 'FILE:39:15 analogCore.adcBank.adc.levels: 40 levels are no 4 bits (leave bits out)',
  },
  {
    what: 'a capacitor array of other than 2^bits levels',
    edit: ['bits: adcBits', 'levels: 40\n      capacitorMismatch: 1 %'],
    says: 'FILE:38:15 analogCore.adcBank.adc.levels: a capacitor array of 40 levels (give bits, or leave out the errors of its circuit)',
  },
  {
    what: 'a current-voltage law of conductances that were not measured',
    edit: ['    bits: 7\n', '    bits: 7\n    iv: { type: rram, readVoltage: 0.2 V }\n'],
    says: 'FILE:31:5 analogCore.cell.iv: cells of an infinite on/off ratio, measured were 4.5 (set analogCore.cell.onOffRatio: 4.5)',
  },
  {
    what: 'PCM before its first reading',
    edit: ['    bits: 7\n', '    bits: 7\n    drift: { type: pcmDrift, after: 1 s }\n'],
    says: 'FILE:31:37 analogCore.cell.drift.after: 1 s is too small (at least 20 s)',
  },
  {
    what: 'RRAM of more conductance than was measured',
    edit: ['    bits: 7\n', '    bits: 7\n    program: { type: rram, maxConductance: 1 mS }\n'],
    says: 'FILE:31:44 analogCore.cell.program.maxConductance: 1 mS is too large (at most 225 uS)',
  },
  {
    what: 'a programming error beside drift that includes it',
    edit: [
      '    bits: 7\n',
      '    bits: 7\n    program: { type: sonos }\n    drift: { type: sonosDrift, after: 1 day }\n',
    ],
    says: 'FILE:31:5 analogCore.cell.program: sonosDrift includes the error of programming (set analogCore.cell.program: {type: ideal})',
  },
  {
    what: 'drift drawn at every read',
    edit: ['    bits: 7\n', '    bits: 7\n    read: { type: pcmDrift, after: 1 day }\n'],
    says: 'FILE:31:5 analogCore.cell.read: pcmDrift is a change since programming (write it under analogCore.cell.drift)',
  },
  {
    what: 'misspelt model of a part',
    sets: ['tile.buffer={type: sramm, capacity: 64 KiB}'],
    says: '--set tile.buffer={type: sramm, capacity: 64 KiB} tile.buffer.type: unknown type "sramm" (did you mean sram? known: given, sram, edram, flipFlops)',
  },
  {
    what: 'misspelt key beside a model',
    sets: ['tile.buffer={type: sram, capacity: 64 KiB, widht: 3}'],
    says: '--set tile.buffer={type: sram, capacity: 64 KiB, widht: 3} tile.buffer.widht: unknown key (did you mean width? known: type, capacity, width, banks, bandwidth, readEnergy, writeEnergy, area, leakage)',
  },
  {
    what: 'model without what it needs',
    sets: ['tile.buffer={type: sram}'],
    says: '--set tile.buffer={type: sram}: missing key capacity (add capacity: 64 KiB # bytes it holds; a bank of the fit has 2 KiB to 1 MiB)',
  },
  {
    what: 'model beyond what was measured',
    sets: ['tile.buffer={type: edram, capacity: 1 MiB}'],
    says: '--set tile.buffer={type: edram, capacity: 1 MiB} tile.buffer.capacity: 1.048576 MB is too large (at most 262.144 kB)',
  },
  {
    what: 'hops without energy',
    sets: ['chip.interconnect={linkBandwidth: 32 GB/s, hopLatency: 1 ns}'],
    says: '--set chip.interconnect={linkBandwidth: 32 GB/s, hopLatency: 1 ns}: missing key hopEnergy (add hopEnergy: 8 pJ/B # per byte and hop; left out: of router and link together)',
  },
  {
    what: 'units for a function beside lanes without energy',
    sets: [
      'digitalCore.vectorUnit={lanes: 4, operationEnergy: 0, functions: {softmax: {energy: 1 pJ, rate: 1 GHz}}}',
    ],
    says: '--set digitalCore.vectorUnit={lanes: 4, operationEnergy: 0, functions: {softmax: {energy: 1 pJ, rate: 1… digitalCore.vectorUnit.operationEnergy: lanes without energy beside units for softmax, whose energy is told in operations of the lanes (give operationEnergy, or leave out functions)',
  },
  {
    what: 'unknown function',
    sets: ['digitalCore.vectorUnit.functions={relu: {energy: 1 pJ, rate: 1 GHz}}'],
    says: '--set digitalCore.vectorUnit.functions={relu: {energy: 1 pJ, rate: 1 GHz}} digitalCore.vectorUnit.functions.relu: unknown key (known: activation, pooling, normalization, softmax)',
  },
  {
    what: 'unknown number format',
    sets: ['digitalCore.macArray={type: horowitz, rows: 16, columns: 16, precision: fp8}'],
    says: '--set digitalCore.macArray={type: horowitz, rows: 16, columns: 16, precision: fp8} digitalCore.macArray.precision: unknown value "fp8" (did you mean fp16? known: int8, int16, int32, fp16, fp32)',
  },
];
