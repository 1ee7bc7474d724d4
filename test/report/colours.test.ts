import { describe, expect, test } from 'vitest';
import { THEMES } from '../../src/report/colours.ts';

type Triple = readonly [number, number, number];

/**
 * How full dichromats see linear RGB: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of
 * Color Vision Deficiency", IEEE TVCG 15(6), 2009, severity 1.0.
 */
const EYES: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  trichromat: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Six just noticeable differences of 2.3 (Mahy et al., Color Research & Application 19(2), 1994), and a little. */
const APART = 15;

describe.each(Object.entries(THEMES))('the colours of the %s theme', (_, theme) => {
  test.each(Object.entries(EYES))('are told apart by a %s', (_, eye) => {
    theme.series.forEach((a, index) => {
      for (const b of theme.series.slice(index + 1)) {
        expect(distance(lab(seen(eye, a)), lab(seen(eye, b))), `${a} ${b}`).toBeGreaterThan(APART);
      }
    });
  });

  test('stand out: marks 3 : 1 from the page, text 4.5 : 1 from page and cards (WCAG 2.1, 1.4.3 and 1.4.11)', () => {
    for (const colour of theme.series) {
      expect(contrast(colour, theme.background), colour).toBeGreaterThanOrEqual(3);
    }
    for (const text of [theme.ink, theme.muted]) {
      for (const behind of [theme.background, theme.card]) {
        expect(contrast(text, behind), text).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});

function linear(colour: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function luminance([red, green, blue]: Triple): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

function seen(eye: readonly [Triple, Triple, Triple], colour: string): Triple {
  const rgb = linear(colour);
  const row = ([r, g, b]: Triple) => Math.min(1, Math.max(0, r * rgb[0] + g * rgb[1] + b * rgb[2]));
  return [row(eye[0]), row(eye[1]), row(eye[2])];
}

// CIELAB of sRGB primaries under D65.
function lab([red, green, blue]: Triple): Triple {
  const curve = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = curve((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047);
  const y = curve(luminance([red, green, blue]));
  const z = curve((0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(a: Triple, b: Triple): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
