import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useChange } from '../api/queries.ts'
import { Search } from './search.tsx'
import { StatusBar } from './status-bar.tsx'

const places = [
  ['/', 'Overview'],
  ['/requests', 'Requests'],
  ['/consumers', 'Consumers'],
  ['/apis', 'APIs'],
  ['/limits', 'Limits'],
  ['/waf', 'WAF'],
  ['/keyring', 'Keyring'],
  ['/alerts', 'Alerts'],
  ['/configuration', 'Configuration'],
  ['/audit', 'Audit'],
] as const

/** What stands around every page: where one can go, what runs, and the search. */
export function Shell({
  session,
  children,
}: {
  readonly session: AdminAnswer<'getSession'>
  readonly children: ReactNode
}) {
  const isAdmin = session.account.role === 'admin'
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <nav aria-label="Pages">
        <Link href="/" className="brand">
          <img src="/mark.svg" alt="" width="20" height="20" /> Gateward
        </Link>
        <ul>
          {[...places, ...(isAdmin ? ([['/accounts', 'Accounts']] as const) : [])].map(([path, name]) => (
            <li key={path}>
              <Place path={path} name={name} />
            </li>
          ))}
        </ul>
        <Account session={session} />
      </nav>
      <div className="body">
        <header className="top">
          <StatusBar />
          <Search />
        </header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
    </div>
  )
}

function Place({ path, name }: { readonly path: string; readonly name: string }) {
  const [location] = useLocation()
  const isHere = path === '/' ? location === '/' : location.startsWith(path)
  return (
    <Link href={path} {...(isHere ? { 'aria-current': 'page' as const } : {})}>
      {name}
    </Link>
  )
}

function Account({ session: { account } }: { readonly session: AdminAnswer<'getSession'> }) {
  const logOut = useChange('logOut')
  return (
    <div className="account">
      <span>
        {account.name} <span className="quiet-text">{account.role}</span>
      </span>
      <button className="quiet" disabled={logOut.isPending} onClick={() => logOut.mutate({})}>
        Log out
      </button>
    </div>
  )
}
