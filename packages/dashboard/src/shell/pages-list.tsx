import { Link, useLocation } from 'wouter'
import { useAdmin } from '../api/queries.ts'
import { useMay } from '../api/use-may.ts'
import { places, type PlaceEntry } from './places.ts'

/** The pages by group; where alerts wait for somebody, how many. */
export function PagesList() {
  const isAdmin = useMay('admin')
  return (
    <div className="places">
      {places.map(({ group, entries }) => (
        <section key={group}>
          <h2>{group}</h2>
          <ul>
            {entries
              .filter(({ forAdmins }) => forAdmins !== true || isAdmin)
              .map((entry) => (
                <li key={entry.path}>
                  <Place {...entry} />
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function Place({ path, name }: PlaceEntry) {
  const [location] = useLocation()
  const isHere = path === '/' ? location === '/' : location.startsWith(path)
  return (
    <Link href={path} {...(isHere ? { 'aria-current': 'page' as const } : {})}>
      {name}
      {path === '/alerts' && <Waiting />}
    </Link>
  )
}

function Waiting() {
  const { data } = useAdmin('listAlerts', { query: { state: 'firing' } }, { every: 10_000 })
  const count = (data?.alerts ?? []).filter(
    ({ silenced, acknowledgement }) => !silenced && acknowledgement === undefined,
  ).length
  if (count === 0) return null
  return (
    <span className="badge danger">
      {count}
      <span className="hidden"> firing that nobody looks after</span>
    </span>
  )
}
