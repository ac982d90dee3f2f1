// The grid: 36 columns; tiles keep their place, and rows that nobody uses close up.

import type { Dashboard, Tab, Tile } from '../wire'

export const COLUMNS = 36

export interface Place {
  tile: Tile
  x: number
  y: number
  w: number
  h: number
}

/** Tiles in reading order, each moved up as far as it can go without touching another. */
export function place(tiles: Tile[]): Place[] {
  const placed: Place[] = []
  for (const tile of [...tiles].sort((a, b) => a.y - b.y || a.x - b.x)) {
    const w = clamp(tile.w, 1, COLUMNS)
    const spot: Place = { tile, x: clamp(tile.x, 0, COLUMNS - w), y: Math.max(0, tile.y), w, h: clamp(tile.h, 1, 100) }
    while (placed.some((p) => touches(p, spot))) spot.y++
    while (spot.y > 0 && !placed.some((p) => touches(p, { ...spot, y: spot.y - 1 }))) spot.y--
    placed.push(spot)
  }
  return placed.sort((a, b) => a.y - b.y || a.x - b.x)
}

function touches(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}

function clamp(n: number, low: number, high: number): number {
  return Math.min(Math.max(Number.isFinite(n) ? Math.round(n) : low, low), high)
}

export function orderedTabs(dashboard: Dashboard): Tab[] {
  return [...(dashboard.tabs ?? [])].sort((a, b) => a.order - b.order)
}

/** The tiles of a tab; tiles that name no tab belong to the first. */
export function tilesOf(dashboard: Dashboard, tabs: Tab[], tab: string | undefined): Tile[] {
  if (tabs.length === 0) return dashboard.tiles
  const known = new Set(tabs.map((t) => t.uuid))
  return dashboard.tiles.filter((t) => (t.tabUuid && known.has(t.tabUuid) ? t.tabUuid : tabs[0]?.uuid) === tab)
}
