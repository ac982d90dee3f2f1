// Which addresses may become links, and where the application may send somebody.

const SCHEMES = new Set(['http:', 'https:', 'mailto:'])

/** The address when it is an absolute http(s) or mailto link, else undefined. Relative links are refused: inside
 * another product they would lead to places of ours that the author did not mean. */
export function safeLink(address: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- browsers drop these before they read the scheme
  const cleaned = address.replace(/[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028-\u202f\ufeff]/g, '')
  if (!/^(https?:\/\/|mailto:)/i.test(cleaned)) return undefined
  try {
    const url = new URL(cleaned)
    return SCHEMES.has(url.protocol) ? url.href : undefined
  } catch {
    return undefined
  }
}

/** A path of this server to go to after signing in; anything that could leave it becomes "/". */
export function localPath(next: string | null | undefined, origin: string): string {
  // eslint-disable-next-line no-control-regex -- a tab or newline inside would be dropped by the browser
  if (!next || !next.startsWith('/') || /[\\\u0000-\u001f]/.test(next) || next.startsWith('//')) return '/'
  try {
    const url = new URL(next, origin)
    if (url.origin !== origin || url.pathname.startsWith('//')) return '/'
    return url.pathname + url.search + url.hash
  } catch {
    return '/'
  }
}
