/** The URL under which people on this machine reach an address. */
export function toUrl(scheme: 'https' | 'http', host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::'
  const named = everywhere || host === '127.0.0.1' || host === '::1' ? 'localhost' : host
  return `${scheme}://${named.includes(':') ? `[${named}]` : named}:${port}`
}
