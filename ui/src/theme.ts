// The look that a session or address asks for, as CSS custom properties. Values come from outside: only plain colours,
// lengths and font names are taken, never a piece of CSS.

import { isColour } from './charts/palette'

export interface Theme {
  scheme?: 'light' | 'dark' | 'system'
  variables: Record<string, string>
  primary?: string
  palette?: unknown
}

const COLOURS: Record<string, string> = {
  primaryColor: '--accent', backgroundColor: '--page', cardBackgroundColor: '--card', textColor: '--text',
  mutedTextColor: '--muted', borderColor: '--line',
}

export function readTheme(given: Record<string, unknown> | null | undefined): Theme {
  const theme: Theme = { variables: {} }
  if (!given || typeof given !== 'object') return theme
  for (const [name, variable] of Object.entries(COLOURS)) {
    const value = given[name]
    if (typeof value === 'string' && isColour(value)) theme.variables[variable] = value
  }
  const font = fontOf(given['font'] ?? given['fontFamily'])
  if (font) theme.variables['--font'] = font
  const radius = lengthOf(given['borderRadius'])
  if (radius) theme.variables['--radius'] = radius
  theme.primary = theme.variables['--accent']
  theme.palette = given['palette'] ?? given['colorPalette']
  const scheme = given['scheme'] ?? given['colorScheme'] ?? given['mode']
  if (scheme === 'light' || scheme === 'dark' || scheme === 'system') theme.scheme = scheme
  return theme
}

function fontOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^[\p{L}\d ,'"_-]{1,120}$/u.test(value)) return undefined
  return `${value.replace(/["']/g, '').split(',').map((f) => f.trim()).filter(Boolean).map((f) => (/^[a-z-]+$/.test(f) ? f : `"${f}"`)).join(', ')}, system-ui, sans-serif`
}

function lengthOf(value: unknown): string | undefined {
  if (typeof value === 'number' && value >= 0 && value <= 48) return `${value}px`
  if (typeof value === 'string' && /^\d{1,2}(\.\d+)?(px|rem|em)$/.test(value)) return value
  return undefined
}

const APPLIED = [...Object.values(COLOURS), '--font', '--radius']

/** Puts a theme on the page; properties that it does not name go back to the default. */
export function applyTheme(theme: Theme, root: HTMLElement = document.documentElement): void {
  for (const variable of APPLIED) {
    const value = theme.variables[variable]
    if (value) root.style.setProperty(variable, value)
    else root.style.removeProperty(variable)
  }
}

export function applyScheme(scheme: 'light' | 'dark' | 'system', root: HTMLElement = document.documentElement): void {
  root.dataset['scheme'] = scheme
}
