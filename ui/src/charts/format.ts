// Numbers that the server has formatted are shown as they came. Axis ticks are not in the result, so their look is
// learnt from a formatted sample: currency sign, unit, percent.

import type { Cell } from '../wire'

export interface AxisFormat {
  prefix: string
  suffix: string
  factor: number
  decimals: number
}

export function asNumber(raw: unknown): number | null {
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null
  if (typeof raw === 'string' && raw.trim() !== '' && Number.isFinite(Number(raw))) return Number(raw)
  return null
}

/** Learns prefix, suffix and factor from cells such as {raw: 0.5, formatted: "50%"} or {raw: 3, formatted: "$3.00"}. */
export function learnFormat(cells: Iterable<Cell | null | undefined>): AxisFormat {
  for (const cell of cells) {
    const value = cell ? asNumber(cell.raw) : null
    if (!cell || value === null || value === 0) continue
    const match = /^(-?)([^\d-]*)(-?)(\d[\d.,\s]*\d|\d)(\D*)$/.exec(cell.formatted)
    if (!match) continue
    const suffix = match[5] ?? ''
    const compact = /^[KMBT](?![a-z])/.exec(suffix)
    const digits = match[4] ?? ''
    return {
      prefix: match[2] ?? '',
      suffix: compact ? suffix.slice(1) : suffix,
      factor: suffix.trim() === '%' && looksScaled(digits, value) ? 100 : 1,
      decimals: /\.(\d+)\s*$/.exec(digits)?.[1]?.length ?? 0,
    }
  }
  return { prefix: '', suffix: '', factor: 1, decimals: 0 }
}

function looksScaled(digits: string, value: number): boolean {
  const shown = Number(digits.replace(/[,\s]/g, ''))
  return Math.abs(shown - Math.abs(value) * 100) < Math.abs(shown - Math.abs(value))
}

/** Formats a tick: short, with the sign and unit of the data. */
export function formatTick(value: number, like: AxisFormat, locale?: string): string {
  const scaled = value * like.factor
  const big = Math.abs(scaled) >= 10_000
  const text = new Intl.NumberFormat(locale, big ? { notation: 'compact', maximumFractionDigits: 1 } : { maximumFractionDigits: 4 }).format(Math.abs(scaled))
  return (scaled < 0 ? '−' : '') + like.prefix + text + like.suffix
}

/** Formats a number that is not in the result (a total, a difference) the way the server formatted its neighbours. */
export function formatLike(value: number, cells: Iterable<Cell | null | undefined>): string {
  const like = learnFormat(cells)
  const scaled = value * like.factor
  const digits = { minimumFractionDigits: like.decimals, maximumFractionDigits: like.decimals || (Number.isInteger(scaled) ? 0 : 3) }
  return (scaled < 0 ? '-' : '') + like.prefix + new Intl.NumberFormat('en', digits).format(Math.abs(scaled)) + like.suffix
}
