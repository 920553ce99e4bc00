import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useChange } from '../api/queries.ts'
import { PagesList } from './pages-list.tsx'
import { Search } from './search.tsx'
import { StatusBar } from './status-bar.tsx'

/** What stands around every page: where one can go, what runs, and the search. */
export function Shell({
  session,
  children,
}: {
  readonly session: AdminAnswer<'getSession'>
  readonly children: ReactNode
}) {
  const [location] = useLocation()
  // Where there is no room beside the page, the list is opened for one page and closes with the choice.
  const [openAt, setOpenAt] = useState<string>()
  const isOpen = openAt === location
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <nav aria-label="Pages">
        <div className="masthead">
          <Link href="/" className="brand">
            <img src="/mark.svg" alt="" width="20" height="20" /> Gateward
          </Link>
          <button
            className="menu"
            aria-expanded={isOpen}
            aria-controls="places"
            onClick={() => setOpenAt(isOpen ? undefined : location)}
          >
            Menu
          </button>
        </div>
        <div id="places" className={isOpen ? 'drawer open' : 'drawer'}>
          <PagesList />
          <Account session={session} />
        </div>
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

function Account({ session: { account } }: { readonly session: AdminAnswer<'getSession'> }) {
  const logOut = useChange('logOut')
  // This is gone once the session is: what follows hangs on the promise, not on the page.
  const leave = (): void =>
    void logOut.mutateAsync({}).then(
      ({ value: { provider } }) => {
        if (provider !== undefined) location.assign(provider)
      },
      () => {},
    )
  return (
    <div className="account">
      <span>
        <Link href="/account">{account.name}</Link> <span className="quiet-text">{account.role}</span>
      </span>
      <button className="quiet" disabled={logOut.isPending} onClick={leave}>
        Log out
      </button>
    </div>
  )
}
