// Hears from the server that the credential may have ended, so that a page doesn't show on what its reader lost.

const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 60_000

type Socket = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'>

const connectTo = (path: string): Socket => new WebSocket(location.origin.replace(/^http/, 'ws') + path)

/** Calls `tell` whenever the credential should be looked at again; returns what ends the watch. */
export function watchCredential(authorization: string | undefined, tell: () => void, connect = connectTo): () => void {
  let pause = FIRST_PAUSE
  let timer: ReturnType<typeof setTimeout> | undefined
  let socket = open()
  function open(): Socket {
    const opened = connect('/api/v1/inlay/watch')
    opened.onopen = () => opened.send(JSON.stringify({ authorization })) // in a message: addresses end up in logs
    opened.onmessage = () => {
      pause = FIRST_PAUSE
      tell()
    }
    opened.onclose = () => {
      timer = setTimeout(() => (socket = open()), pause)
      pause = Math.min(2 * pause, LONGEST_PAUSE)
    }
    return opened
  }
  return () => {
    clearTimeout(timer)
    socket.onmessage = socket.onclose = null
    socket.close()
  }
}
