import { PageTitle } from '../parts/panel.tsx'
import { Alerts } from './alerts/alerts.tsx'
import { Anomalies } from './alerts/anomalies.tsx'

/** What needs a person, and what is not as it was. */
export function AlertsPage() {
  return (
    <>
      <PageTitle>Alerts and anomalies</PageTitle>
      <Alerts />
      <Anomalies />
    </>
  )
}
