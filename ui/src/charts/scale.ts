// Scales and axis ticks: pure arithmetic, no drawing.

export interface LinearScale {
  min: number
  max: number
  ticks: number[]
  at(value: number): number // 0…1
}

/** The nearest "nice" step (1, 2, 2.5, 5 × 10ⁿ) that needs no more than `count` steps for the span. */
export function niceStep(span: number, count: number): number {
  const rough = span / Math.max(count, 1)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].find((s) => s * power >= rough * (1 - 1e-9)) ?? 10
  return step * power
}

/** A linear scale that covers the values and, unless bounds are given, includes zero and ends on ticks. */
export function linearScale(values: Iterable<number>, count = 5, bounds: { min?: number; max?: number; zero?: boolean } = {}): LinearScale {
  let low = Infinity
  let high = -Infinity
  for (const v of values) {
    if (!Number.isFinite(v)) continue
    if (v < low) low = v
    if (v > high) high = v
  }
  if (low > high) [low, high] = [0, 1]
  if (bounds.zero !== false) [low, high] = [Math.min(low, 0), Math.max(high, 0)]
  low = bounds.min ?? low
  high = bounds.max ?? high
  if (!(low < high)) {
    high = low === 0 ? 1 : low + Math.abs(low)
    if (bounds.zero === false) low -= Math.abs(low) || 1
  }
  const step = niceStep(high - low, count)
  const min = bounds.min ?? Math.floor(low / step + 1e-9) * step
  const max = bounds.max ?? Math.ceil(high / step - 1e-9) * step
  return { min, max, ticks: ticksBetween(min, max, step), at: (v) => (v - min) / (max - min) }
}

function ticksBetween(min: number, max: number, step: number): number[] {
  const ticks: number[] = []
  const digits = Math.max(0, -Math.floor(Math.log10(step)) + 1)
  for (let i = Math.ceil(min / step - 1e-9); i * step <= max + step * 1e-9 && ticks.length < 100; i++) {
    ticks.push(Number((i * step).toFixed(Math.min(digits, 20))))
  }
  return ticks
}

/** Which of `count` labels to show so that each has at least `room` of the `length` pixels; always the first. */
export function thinned(count: number, length: number, room: number): number[] {
  const fit = Math.max(1, Math.floor(length / Math.max(room, 1)))
  const every = Math.max(1, Math.ceil(count / fit))
  const shown: number[] = []
  for (let i = 0; i < count; i += every) shown.push(i)
  return shown
}

/** Positions 0…1 of instants on a time axis, or undefined when a value is not an instant. */
export function timePositions(values: unknown[]): number[] | undefined {
  const at = values.map((v) => (typeof v === 'string' ? Date.parse(v) : v instanceof Date ? v.getTime() : NaN))
  if (at.length < 2 || at.some(Number.isNaN)) return undefined
  const min = Math.min(...at)
  const max = Math.max(...at)
  if (min === max) return undefined
  return at.map((t) => (t - min) / (max - min))
}
