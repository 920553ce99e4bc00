import { apiRoot } from '@gateward/gateway/admin-endpoints'
import { useEffect, useState } from 'react'
import { callAdmin } from './client.ts'

/** What went through the gateway in one second. */
export interface LiveSecond {
  /** RFC 3339, when it was over. */
  readonly time: string
  readonly requests: number
  readonly refused: number
  readonly failed: number
}

/** The last `length` seconds, one by one, as they happen; what was before the page was opened is asked for. */
export function useLive(length: number): readonly LiveSecond[] {
  const [seconds, setSeconds] = useState<readonly LiveSecond[]>([])
  useEffect(() => {
    const ended = new AbortController()
    remember(length, ended.signal).then(
      (past) => setSeconds((now) => [...past, ...now.filter(({ time }) => time > (past.at(-1)?.time ?? ''))]),
      // Without a past it begins now.
      () => {},
    )
    const source = new EventSource(`${apiRoot}/events`)
    source.addEventListener('traffic', ({ data }: MessageEvent<string>) => {
      const second = JSON.parse(data) as LiveSecond
      setSeconds((earlier) => [...earlier, second].slice(-length))
    })
    return () => {
      ended.abort()
      source.close()
    }
  }, [length])
  return seconds
}

async function remember(length: number, signal: AbortSignal): Promise<readonly LiveSecond[]> {
  const now = Math.floor(Date.now() / 1_000)
  const from = new Date((now - length) * 1_000).toISOString()
  const { value } = await callAdmin('getTraffic', { query: { from, step: 1 }, signal })
  const byStart = new Map(value.points.map((point) => [Date.parse(point.start) / 1_000, point]))
  // Seconds without traffic are not in the history.
  return Array.from({ length: length - 1 }, (_, at) => {
    const start = now - length + at
    const point = byStart.get(start)
    return {
      time: new Date((start + 1) * 1_000).toISOString(),
      requests: point?.requests ?? 0,
      refused: point?.refused ?? 0,
      failed: point?.status5xx ?? 0,
    }
  })
}
