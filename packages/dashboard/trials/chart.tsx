// One chart with a hundred thousand seconds of traffic, which goes on by a second at each press of the button.
import { useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { Chart, type Line } from '../src/parts/chart.tsx'

const count = 100_000
const start = 1_800_000_000

function Trial() {
  const [shift, setShift] = useState(0)
  const times = useMemo(() => Array.from({ length: count }, (_, at) => start + shift + at), [shift])
  const lines = useMemo<readonly Line[]>(
    () => [
      { label: 'requests/s', tone: 'accent', values: times.map(requestsAt) },
      { label: 'refused/s', tone: 'danger', values: times.map((time) => Math.round(requestsAt(time) / 9)) },
    ],
    [times],
  )
  return (
    <main>
      <Chart title="A day of seconds" times={times} lines={lines} height={240} />
      <button onClick={() => setShift(shift + 1)}>One second on</button>
    </main>
  )
}

/** Waves, noise, and one second that stands out: no drawing may lose it. */
function requestsAt(time: number): number {
  const second = time - start
  if (second === 54_321) return 9_999
  return Math.round(500 + 300 * Math.sin(second / 9_000) + ((second * 7_919) % 101))
}

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no #root')
createRoot(root).render(<Trial />)
