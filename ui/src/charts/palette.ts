// Colours of series. The default palette is in the style sheet, once for light and once for dark pages.

export const PALETTE = Array.from({ length: 8 }, (_, i) => `var(--series-${i + 1})`)

// What servers send when nobody has chosen colours.
const STOCK = '#5470c6'

export interface Colours {
  list: string[]
}

/** The palette of a page: the session's, else the organization's when it has chosen one, else ours. */
export function choosePalette(theme: unknown, organization: string[] | undefined, primary?: string): Colours {
  const own = Array.isArray(theme) ? theme.filter((c): c is string => typeof c === 'string' && isColour(c)) : []
  if (own.length > 0) return { list: own }
  const chosen = (organization ?? []).filter(isColour)
  if (chosen.length > 0 && chosen[0]?.toLowerCase() !== STOCK) return { list: chosen }
  return { list: primary ? [primary, ...PALETTE.slice(1)] : PALETTE }
}

export function colourAt(colours: Colours, index: number): string {
  return colours.list[index % colours.list.length] ?? 'gray'
}

/** Whether a text is a plain CSS colour: it is assigned to a property, so nothing else may pass. */
export function isColour(text: string): boolean {
  return /^(#[0-9a-f]{3,8}|[a-z]{3,30}|(rgb|hsl|oklch|oklab|lab|lch|hwb)a?\([\d\s.,%/+\-deg]{3,60}\))$/i.test(text.trim())
}
