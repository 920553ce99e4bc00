import { useMemo } from 'react'
import { useLocation } from 'wouter'
import { formatCountry } from '../../parts/country.ts'
import { formatCount } from '../../parts/format.ts'
import { drawCountries, mapSize } from './countries-of-the-world.ts'

/** What a country is shaded by. */
export interface CountryCount {
  readonly name: string
  readonly count: number
}

const shades = 5

/**
 * The world with its countries shaded by a count. It is for the eye and the mouse: the table beside it says the same, and
 * is what the keyboard and screen readers have.
 */
export function WorldMap({
  counts,
  what,
  hrefOf,
}: {
  readonly counts: readonly CountryCount[]
  /** What is counted: `refused`. */
  readonly what: string
  /** Where a country leads. */
  readonly hrefOf: (country: string) => string
}) {
  const outlines = useMemo(drawCountries, [])
  const [, go] = useLocation()
  const most = Math.max(0, ...counts.map(({ count }) => count))
  const byName = new Map(counts.map(({ name, count }) => [name, count]))
  return (
    <figure className="world">
      <svg viewBox={`0 0 ${mapSize.width} ${mapSize.height}`} aria-hidden="true">
        {outlines.map(({ key, code, path }) => {
          const count = byName.get(code ?? '') ?? 0
          const isKnown = code !== undefined && count > 0
          return (
            <path
              key={key}
              d={path}
              className={`shade-${shadeOf(count, most)}`}
              {...(isKnown ? { onClick: () => go(hrefOf(code)), 'data-country': code } : {})}
            >
              {code !== undefined && <title>{`${formatCountry(code)}: ${formatCount(count)} ${what}`}</title>}
            </path>
          )
        })}
      </svg>
      <figcaption>
        <Legend most={most} what={what} />
      </figcaption>
    </figure>
  )
}

/** Which numbers a shade stands for. */
function Legend({ most, what }: { readonly most: number; readonly what: string }) {
  if (most === 0) return <span className="quiet-text">None {what} from a known country.</span>
  const steps = Array.from({ length: shades }, (_, at) => at + 1).filter(
    (shade) => leastOf(shade, most) <= most,
  )
  return (
    <>
      {steps.map((shade) => (
        <span key={shade} className="step">
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect width="10" height="10" className={`shade-${shade}`} />
          </svg>
          from {formatCount(leastOf(shade, most))}
        </span>
      ))}
      <span className="quiet-text">{what}</span>
    </>
  )
}

/** 0 for none, else 1 to 5 on a logarithmic scale: one country with most would leave all others white. */
function shadeOf(count: number, most: number): number {
  for (let shade = shades; shade > 0; shade--) if (count >= leastOf(shade, most) && count > 0) return shade
  return 0
}

function leastOf(shade: number, most: number): number {
  return shade === 1 ? 1 : Math.max(shade, Math.ceil(most ** ((shade - 1) / (shades - 0.5))))
}
