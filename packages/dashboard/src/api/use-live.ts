import { apiRoot } from '@gateward/gateway/admin-endpoints'
import { useEffect, useState } from 'react'

/** What went through the gateway in one second. */
export interface LiveSecond {
  readonly time: string
  readonly requests: number
  readonly refused: number
  readonly failed: number
  /** The mean. */
  readonly milliseconds: number
  readonly guards: Readonly<Record<string, { readonly refused: number; readonly shadow: number }>>
}

const secondsKept = 120

/** The last two minutes, second by second, as they happen; empty until the first one is over. */
export function useLive(): readonly LiveSecond[] {
  const [seconds, setSeconds] = useState<readonly LiveSecond[]>([])
  useEffect(() => {
    const source = new EventSource(`${apiRoot}/events`)
    source.addEventListener('traffic', ({ data }: MessageEvent<string>) => {
      const second = JSON.parse(data) as LiveSecond
      setSeconds((earlier) => [...earlier.slice(1 - secondsKept), second])
    })
    return () => source.close()
  }, [])
  return seconds
}
