import { describe, expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { choosePalette, isColour, PALETTE } from '../src/charts/palette'

const sheet = readFileSync(new URL('../src/styles/base.css', import.meta.url), 'utf8')
const defined = [...sheet.matchAll(/--series-\d: (#[0-9a-f]{6})/g)].map((m) => m[1] ?? '')
const PALETTES = { light: defined.slice(0, 8), dark: defined.slice(8, 16), system: defined.slice(16) }

// Brettel-style projections for the three kinds of missing cones (Viénot 1999; tritanopia after Machado 2009), on linear RGB.
const SIMULATED: Record<string, number[][]> = {
  'full sight': [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}

const linear = (hex: string) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
const seen = (rgb: number[], m: number[][]) => m.map((row) => Math.min(1, Math.max(0, row.reduce((sum, v, i) => sum + v * (rgb[i] ?? 0), 0))))

function oklab([r = 0, g = 0, b = 0]: number[]): number[] {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s]
}

const distance = (a: number[], b: number[]) => Math.hypot(...a.map((v, i) => v - (b[i] ?? 0)))

describe.each(Object.entries(PALETTES))('the %s palette', (_, palette) => {
  test('has all its colours', () => expect(palette).toHaveLength(PALETTE.length))

  test.each(Object.entries(SIMULATED))('can be told apart with %s', (_, matrix) => {
    const colours = palette.map((hex) => oklab(seen(linear(hex), matrix)))
    colours.forEach((a, i) => colours.slice(i + 1).forEach((b, j) => {
      const near = j === 0 || i + 1 + j < 4 // neighbours, and the four that most charts get by with
      expect(distance(a, b), `${palette[i]} and ${palette[i + 1 + j]}`).toBeGreaterThan(near ? 0.15 : 0.09)
    }))
  })
})

test('a dark page has the same colours however it became dark', () => expect(PALETTES.system).toEqual(PALETTES.dark))

describe('a palette', () => {
  test('comes from the session, else from the organization, else from us', () => {
    expect(choosePalette(['#111111', 'url(x)'], ['#222222']).list).toEqual(['#111111'])
    expect(choosePalette(undefined, ['#222222']).list).toEqual(['#222222'])
    expect(choosePalette(undefined, ['#5470c6', '#fc8452']).list).toEqual(PALETTE)
    expect(choosePalette(undefined, undefined, '#abcdef').list[0]).toBe('#abcdef')
  })

  test.each(['#fff', '#ff0000', 'rgba(47, 119, 150, 0.7)', 'orange', 'hsl(210 50% 40% / 80%)'])('%s is a colour', (c) => expect(isColour(c)).toBe(true))
  test.each(['', 'url(https://x)', 'red;background:url(x)', 'expression(alert(1))', 'var(--x)', 'rgb(1,2,3);', '#ff0000}', 'image-set("x")'])('%s is not', (c) => expect(isColour(c)).toBe(false))
})
