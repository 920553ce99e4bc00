import { Route, Switch } from 'wouter'
import { useAdmin } from './api/queries.ts'
import { AccountsPage } from './pages/accounts.tsx'
import { AlertsPage } from './pages/alerts.tsx'
import { ApisPage } from './pages/apis.tsx'
import { AuditPage } from './pages/audit.tsx'
import { ConfigurationPage } from './pages/configuration.tsx'
import { ConsumersPage } from './pages/consumers.tsx'
import { KeyringPage } from './pages/keyring.tsx'
import { LimitsPage } from './pages/limits.tsx'
import { LoginPage } from './pages/login.tsx'
import { OverviewPage } from './pages/overview.tsx'
import { RequestsPage } from './pages/requests.tsx'
import { StoryPage } from './pages/story.tsx'
import { WafPage } from './pages/waf.tsx'
import { WelcomePage } from './pages/welcome.tsx'
import { Empty, Failure, Loading } from './parts/states.tsx'
import { Shell } from './shell/shell.tsx'

/** The whole dashboard: who is not logged in sees the login, and one-time links lead to a new account. */
export function App() {
  return (
    <Switch>
      <Route path="/welcome/:code">{({ code }) => <WelcomePage code={code} />}</Route>
      <Route path="/invited/:code">{({ code }) => <WelcomePage code={code} />}</Route>
      <Route>
        <Inside />
      </Route>
    </Switch>
  )
}

function Inside() {
  const session = useAdmin('getSession', {}, { retry: false })
  if (session.isPending) return <Loading what="the session" />
  if (session.isError)
    return session.error.status === 401 ? (
      <LoginPage />
    ) : (
      <Failure error={session.error} retry={() => void session.refetch()} />
    )
  return (
    <Shell session={session.data}>
      <Switch>
        <Route path="/" component={OverviewPage} />
        <Route path="/requests" component={RequestsPage} />
        <Route path="/requests/:id">{({ id }) => <StoryPage id={id} />}</Route>
        <Route path="/consumers" component={ConsumersPage} />
        <Route path="/apis" component={ApisPage} />
        <Route path="/limits" component={LimitsPage} />
        <Route path="/waf" component={WafPage} />
        <Route path="/keyring" component={KeyringPage} />
        <Route path="/alerts" component={AlertsPage} />
        <Route path="/configuration" component={ConfigurationPage} />
        <Route path="/audit" component={AuditPage} />
        <Route path="/accounts" component={AccountsPage} />
        <Route>
          <Empty title="There is no such page" hint="Choose one on the left." />
        </Route>
      </Switch>
    </Shell>
  )
}
