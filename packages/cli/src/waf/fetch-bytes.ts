/** Something that was to be fetched and could not be. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure'
}

const deadline = 60_000

/** Fetches bytes over http(s), redirects followed; throws a {@link FetchFailure} where there are none, or more than `most`. */
export async function fetchBytes(url: string, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(deadline) })
    if (!answer.ok || answer.body === null) throw new FetchFailure(`${url} answers ${answer.status}`)
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      length += chunk.length
      if (length > most) throw new FetchFailure(`${url} is longer than ${most.toLocaleString('en')} bytes`)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof FetchFailure) throw error
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    throw new FetchFailure(`${url} cannot be reached${cause}`)
  }
  return Buffer.concat(chunks)
}

/** Where a URL redirects to, without going there; `undefined`: nowhere. */
export async function findRedirect(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(deadline) })
    await answer.body?.cancel()
    return answer.headers.get('location') ?? undefined
  } catch {
    throw new FetchFailure(`${url} cannot be reached`)
  }
}
