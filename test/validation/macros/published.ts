/**
 * Figures that the papers of the macros published, as CiMLoop (Andrulis et al., ISPASS 2024, github.com/mit-emze/cimloop) collected
 * them to compare itself with: its `workspace/models/arch/1_macro`, `_tests.py` of each macro. Some were read off plots there.
 */

/** Wang et al., VLSI 2022 and JSSC 58(4), 2023: Fig. 23 by supply in V, Fig. 22 at 1.0 V. */
export const WANG = {
  supplies: [0.7, 0.8, 0.9, 1.0, 1.1],
  topsPerWatt: [31.998, 22.59, 18.439, 16.376, 15.467],
  topsPerSquareMillimetre: [2.377, 2.858, 3.2, 3.596, 3.941],
  squareMillimetres: 0.124,
  energyShares: { adc: 0.34, dac: 0.22, array: 0.4, control: 0.04 },
  areaShares: { adc: 0.13, dac: 0.3, array: 0.46, control: 0.11 },
} as const;

/** Jia et al., JSSC 55(9), 2020: Table II and Table I (pJ of one of 256 outputs) by supply in V; Fig. 10; Fig. 11. */
export const JIA = {
  supplies: [0.85, 1.2],
  tops: [0.874, 2.185],
  topsPerWatt: [400, 192],
  topsPerSquareMillimetre: [0.24, 0.6],
  picojoules: { adc: [1.79, 3.56], array: [9.7, 20.4], datapath: [8.3, 14.7] },
  outputs: 256,
  /** TOPS at 0.85 V by input bits; the last one waits for memory. */
  topsByInputBits: [
    [1, 0.874],
    [2, 0.874 / 2],
    [4, 0.874 / 4],
    [8, (0.874 * 64) / 600],
  ],
  squareMillimetres: { adc: 0.497, array: 2.91, datapath: 0.497, sparsityController: 0.392 },
} as const;

/** Sinangil et al., JSSC 56(1), 2021: Fig. 13(a) and (b), Table I. */
export const SINANGIL = {
  outputs: [0, 1, 2, 4, 6, 8, 10, 12, 15],
  picojoulesByOutput: [
    3.35660091, 4.562974203, 5.033383915, 5.443095599, 5.837632777, 6.285280728, 6.657056146, 7.04400607,
    7.795144158,
  ],
  supplies: [0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0],
  picojoulesBySupply: [5.109375, 5.875, 6.796875, 7.8125, 9.03125, 10.25, 11.75, 13.125],
  /** Section IV: periphery for computing with its converters, the memory macro, the weighting capacitors. */
  squareMicrometres: { converter: 1596, bitLines: 800, weightingCapacitors: 160 },
  /** Supply, mean output, TOPS, TOPS/W. */
  tableOne: [
    [0.8, 15, 0.3724, 262.3],
    [0.8, 6, 0.3724, 351],
    [0.8, 0, 0.3724, 610.5],
    [1.0, 15, 0.4551, 189.3],
    [1.0, 6, 0.4551, 321],
    [1.0, 0, 0.4551, 435.5],
  ],
} as const;

/** Wan et al., Nature 608, 2022, Extended Data Fig. 12: output bits, input bits, TOPS, TOPS/W. */
export const NEURRAM = {
  settings: [
    [3, 1, 2.12230988, 43.07875866],
    [4, 2, 1.793083771, 40.33412834],
    [5, 3, 1.165400233, 23.09069279],
    [6, 4, 0.7438677864, 15.95409517],
    [7, 5, 0.5254091287, 11.03166076],
    [8, 6, 0.4177183338, 8.257196816],
    [9, 7, 0.343873405, 7.750037817],
    [10, 8, 0.2638743409, 6.437388185],
  ],
  onePhase: [
    [7, 5, 0.4515642, 11.32999012],
    [8, 6, 0.260797508, 9.12235241],
  ],
  /**
   * fJ of one operation of word lines, neurons, input pulses, at the settings above. The source calls them fJ a MAC; only as energy of
   * one of its two operations do they add up to the efficiencies, and at (8, 6) bits to that of one phase.
   */
  onePhaseInBreakdown: 5,
  femtojoules: {
    wordLines: [
      8.99015248, 8.270951256, 15.46307324, 21.75617998, 30.92613276, 37.2192395, 43.69214654, 50.52466791,
    ],
    neurons: [
      10.6186848, 12.38674172, 20.11826462, 29.1084171, 44.21188287, 52.48282041, 61.83258722, 75.85721686,
    ],
    inputPulses: [
      3.446220545, 3.955661604, 7.73153662, 11.50740478, 14.0246365, 19.23892768, 22.83498524, 27.50986693,
    ],
  },
} as const;

/** Kim et al., JSSC 56(7), 2021: Figs. 16(b), 16(a), 15(a), 17. Rows for 1 to 16 bits. */
export const COLONNADE = {
  supplies: [0.6, 0.7, 0.8],
  /** fJ a MAC, one-bit inputs, by weight bits. */
  byWeightBits: [
    [17.07820589, 42.83967039, 68.31697711],
    [20.27486225, 49.48109179, 77.83242912],
    [24.0698594, 59.9648546, 96.94840357],
    [26.49734159, 66.92475081, 105.2708593],
    [29.37052503, 73.6742141, 115.0949303],
    [33.23249487, 83.93585286, 131.125787],
    [30.81598573, 77.30009326, 121.5909692],
    [36.83598758, 91.76892401, 144.3500315],
    [34.39268536, 85.09591799, 133.8535776],
    [42.83967039, 106.725807, 166.7286341],
    [39.72457364, 99.64675226, 158.9079843],
    [51.56119566, 126.7024855, 204.8466723],
    [49.82184952, 121.5909692, 189.9512015],
    [47.16012347, 115.0949303, 181.041186],
    [63.7855784, 157.8210593, 255.1576938],
    [59.9648546, 151.4542256, 243.1891829],
  ],
  /** fJ a MAC, as many input bits as weight bits. */
  byBits: [
    [17.1320369, 42.5577975, 68.10051312],
    [39.750389, 101.7850194, 161.6449048],
    [72.35941721, 183.8842178, 292.0267348],
    [104.1269428, 260.6311646, 423.4320763],
    [143.1768052, 369.409647, 591.1251988],
    [198.3696842, 507.9462783, 788.5272112],
    [215.6250592, 543.8204606, 844.217685],
    [292.0267348, 725.4253956, 1169.653111],
    [310.2896494, 788.5272112, 1252.260958],
    [420.2334993, 1067.923309, 1695.970219],
    [439.7938751, 1109.188833, 1748.197762],
    [613.9668116, 1536.767343, 2422.106272],
    [632.8739703, 1584.09222, 2554.140514],
    [642.5447846, 1645.302977, 2632.795482],
    [960.366235, 2459.11797, 3905.328036],
    [989.9407926, 2515.698651, 3995.183881],
  ],
  registers: [1, 2, 4, 8, 16],
  /** GOPS, as many input bits as weight bits, by registers a column. */
  throughput: [
    [75.07, 138.51, 243.93, 391.42, 563.5],
    [32.5, 60.42, 104.77, 168.13, 238.32],
    [18.31, 34.04, 59.03, 92.55, 127.18],
    [12.52, 23.1, 39.45, 60.42, 83.03],
    [9.11, 16.43, 28.05, 42.96, 58.12],
    [6.73, 12.33, 20.41, 31.26, 41.65],
    [5.81, 10.24, 17.21, 25.75, 34.84],
    [4.43, 7.92, 13.32, 19.48, 25.75],
    [3.91, 6.95, 11.41, 16.81, 22.23],
    [3.08, 5.38, 8.77, 12.72, 16.68],
    [2.76, 4.79, 7.99, 11.5, 14.51],
    [2.14, 3.74, 6.09, 8.56, 11.06],
    [1.99, 3.48, 5.46, 7.62, 9.77],
    [1.82, 3.13, 4.94, 6.95, 8.9],
    [1.43, 2.42, 3.79, 5.25, 6.63],
    [1.34, 2.26, 3.51, 4.79, 5.99],
  ],
  femtojoulesAMac: 144.3,
  squareMillimetres: 0.2272,
  areaShares: { logic: 0.839, drivers: 0.018, registers: 0.125, decoder: 0.018 },
  energyShares: { logic: 0.602, drivers: 0.288, registers: 0.075, decoder: 0.035 },
} as const;
