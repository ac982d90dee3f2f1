import { afterEach, describe, expect, test, vi } from 'vitest'
import { watchCredential } from '../src/watch'

afterEach(() => void vi.useRealTimers())

function sockets() {
  const made: { path: string; sent: string[]; closed: boolean; onopen?: () => void; onmessage?: (() => void) | null; onclose?: (() => void) | null }[] = []
  const connect = (path: string) => {
    const socket = { path, sent: [] as string[], closed: false, send: (text: string) => socket.sent.push(text), close: () => (socket.closed = true) }
    made.push(socket)
    return socket as unknown as WebSocket
  }
  return { made, connect }
}

describe('a watch of the credential', () => {
  test('sends it in a message, and in no address', () => {
    const { made, connect } = sockets()
    watchCredential('Bearer T', () => undefined, connect)
    made[0]?.onopen?.()
    expect(made[0]).toMatchObject({ path: '/api/v1/inlay/watch', sent: ['{"authorization":"Bearer T"}'] })
  })
  test('tells, comes back after ever longer pauses, and ends', () => {
    vi.useFakeTimers()
    const { made, connect } = sockets()
    const tell = vi.fn()
    const end = watchCredential(undefined, tell, connect)
    made[0]?.onmessage?.()
    expect(tell).toHaveBeenCalledTimes(1)
    for (const pause of [1000, 2000, 4000]) {
      const before = made.length
      made[before - 1]?.onclose?.()
      vi.advanceTimersByTime(pause - 1)
      expect(made.length).toBe(before)
      vi.advanceTimersByTime(1)
      expect(made.length).toBe(before + 1)
    }
    end()
    expect(made.at(-1)).toMatchObject({ closed: true, onclose: null })
  })
})
