import { describe, expect, test } from 'vitest'
import { linearScale, niceStep, thinned, timePositions } from '../src/charts/scale'
import { formatLike, formatTick, learnFormat } from '../src/charts/format'

describe('scales', () => {
  test.each([
    [100, 5, 20], [9, 5, 2], [1, 4, 0.25], [73, 5, 20], [0.3, 3, 0.1], [12_000_000, 5, 2_500_000],
  ])('a span of %d in %d steps goes by %d', (span, count, step) => expect(niceStep(span, count)).toBeCloseTo(step))

  test('covers the values, includes zero and ends on ticks', () => {
    const scale = linearScale([13, 87], 5)
    expect([scale.min, scale.max]).toEqual([0, 100])
    expect(scale.ticks).toEqual([0, 20, 40, 60, 80, 100])
    expect(scale.at(50)).toBe(0.5)
  })
  test('has ticks below zero for negative values', () => expect(linearScale([-62, 820], 5).ticks).toEqual([-200, 0, 200, 400, 600, 800, 1000]))
  test('survives no values, one value and values that are not finite', () => {
    for (const values of [[], [0], [7], [-7], [NaN, Infinity]]) {
      const scale = linearScale(values)
      expect(scale.max).toBeGreaterThan(scale.min)
      expect(scale.ticks.length).toBeGreaterThan(1)
      expect(Number.isFinite(scale.at(1))).toBe(true)
    }
  })
  test('keeps given bounds', () => expect(linearScale([5, 10], 5, { min: 4, max: 12 })).toMatchObject({ min: 4, max: 12 }))
  test('has ticks free of binary dust', () => expect(linearScale([0.3], 3).ticks).toEqual([0, 0.1, 0.2, 0.3]))
  test('thins labels so that each has room', () => expect(thinned(12, 400, 100)).toEqual([0, 3, 6, 9]))
  test('places instants by time, not by rank', () => expect(timePositions(['2025-01-01', '2025-01-02', '2025-01-05'])).toEqual([0, 0.25, 1]))
  test('refuses what is no instant', () => expect(timePositions(['2025-01-01', null])).toBeUndefined())
})

describe('formats learnt from the server', () => {
  test.each([
    [{ raw: 1103, formatted: '$1,103.00' }, 25000, '$25K'],
    [{ raw: 0.5, formatted: '50%' }, 0.25, '25%'],
    [{ raw: 99, formatted: '99' }, 1500, '1,500'],
    [{ raw: -4, formatted: '-€4.00' }, -2, '−€2'],
    [{ raw: 12, formatted: '12 km' }, 5, '5 km'],
    [{ raw: 1234, formatted: '$1.23K' }, 2000, '$2,000'],
  ])('%o makes the tick %d read %s', (cell, value, text) => expect(formatTick(value, learnFormat([cell]), 'en')).toBe(text))

  test('a sum looks like its parts', () => {
    expect(formatLike(1989.37, [null, { raw: 1103, formatted: '$1,103.00' }])).toBe('$1,989.37')
    expect(formatLike(99, [{ raw: 67, formatted: '67' }])).toBe('99')
  })
})
