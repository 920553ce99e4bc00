import { lazy, Suspense } from 'react'
import { Route, Switch } from 'wouter'
import { useAdmin } from './api/queries.ts'
import { LoginPage } from './pages/login.tsx'
import { SingleSignOnReturn } from './pages/single-sign-on.tsx'
import { WelcomePage } from './pages/welcome.tsx'
import { Empty, Failure, Loading } from './parts/states.tsx'
import { Shell } from './shell/shell.tsx'

// Each page comes when it is first gone to: nobody waits for a map who looks at a table.
const OverviewPage = lazy(() =>
  import('./pages/overview.tsx').then((page) => ({ default: page.OverviewPage })),
)
const RequestsPage = lazy(() =>
  import('./pages/requests.tsx').then((page) => ({ default: page.RequestsPage })),
)
const StoryPage = lazy(() => import('./pages/story.tsx').then((page) => ({ default: page.StoryPage })))
const ConsumersPage = lazy(() =>
  import('./pages/consumers.tsx').then((page) => ({ default: page.ConsumersPage })),
)
const ApisPage = lazy(() => import('./pages/apis.tsx').then((page) => ({ default: page.ApisPage })))
const VersionsPage = lazy(() =>
  import('./pages/versions.tsx').then((page) => ({ default: page.VersionsPage })),
)
const LimitsPage = lazy(() => import('./pages/limits.tsx').then((page) => ({ default: page.LimitsPage })))
const WafPage = lazy(() => import('./pages/waf.tsx').then((page) => ({ default: page.WafPage })))
const WafTuningPage = lazy(() =>
  import('./pages/waf-tuning.tsx').then((page) => ({ default: page.WafTuningPage })),
)
const DataPage = lazy(() => import('./pages/data.tsx').then((page) => ({ default: page.DataPage })))
const KeyringPage = lazy(() => import('./pages/keyring.tsx').then((page) => ({ default: page.KeyringPage })))
const ThreatsPage = lazy(() => import('./pages/threats.tsx').then((page) => ({ default: page.ThreatsPage })))
const AlertsPage = lazy(() => import('./pages/alerts.tsx').then((page) => ({ default: page.AlertsPage })))
const ConfigurationPage = lazy(() =>
  import('./pages/configuration.tsx').then((page) => ({ default: page.ConfigurationPage })),
)
const AuditPage = lazy(() => import('./pages/audit.tsx').then((page) => ({ default: page.AuditPage })))
const ReviewPage = lazy(() =>
  import('./pages/audit/review.tsx').then((page) => ({ default: page.ReviewPage })),
)
const AccountPage = lazy(() => import('./pages/account.tsx').then((page) => ({ default: page.AccountPage })))
const AccountsPage = lazy(() =>
  import('./pages/accounts.tsx').then((page) => ({ default: page.AccountsPage })),
)

/** The whole dashboard: who is not logged in sees the login, and one-time links lead to a new account. */
export function App() {
  return (
    <Switch>
      <Route path="/welcome/:code">{({ code }) => <WelcomePage code={code} />}</Route>
      <Route path="/invited/:code">{({ code }) => <WelcomePage code={code} />}</Route>
      <Route path="/login/oidc" component={SingleSignOnReturn} />
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
      <Suspense fallback={<Loading what="the page" />}>
        <Switch>
          <Route path="/" component={OverviewPage} />
          <Route path="/requests" component={RequestsPage} />
          <Route path="/requests/:id">{({ id }) => <StoryPage id={id} />}</Route>
          <Route path="/threats" component={ThreatsPage} />
          <Route path="/alerts" component={AlertsPage} />
          <Route path="/apis" component={ApisPage} />
          <Route path="/versions" component={VersionsPage} />
          <Route path="/consumers" component={ConsumersPage} />
          <Route path="/limits" component={LimitsPage} />
          <Route path="/waf" component={WafPage} />
          <Route path="/waf/tuning" component={WafTuningPage} />
          <Route path="/data" component={DataPage} />
          <Route path="/keyring" component={KeyringPage} />
          <Route path="/configuration" component={ConfigurationPage} />
          <Route path="/audit" component={AuditPage} />
          <Route path="/audit/review" component={ReviewPage} />
          <Route path="/account" component={AccountPage} />
          <Route path="/accounts" component={AccountsPage} />
          <Route>
            <Empty title="There is no such page" hint="Choose one from the list." />
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  )
}
