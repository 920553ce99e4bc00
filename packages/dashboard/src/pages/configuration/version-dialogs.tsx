import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useAdmin, useAdminWithEtag, useChange } from '../../api/queries.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { because, FormDialog } from '../../parts/form-dialog.tsx'
import { formatMoment } from '../../parts/format.ts'
import { Asked } from '../../parts/states.tsx'
import { DiffText } from './diff-text.tsx'

type Version = AdminAnswer<'listConfigurations'>['versions'][number]

interface Asking {
  readonly close: () => void
}

/** What a configuration changed of the one before. */
export function Changes({ number, close }: Asking & { readonly number: number }) {
  const version = useAdmin('getConfigurationVersion', { path: { number } })
  return (
    <Dialog title={`What changed with number ${number}`} close={close}>
      <Asked query={version} what="the change">
        {({ diff }) => <DiffText diff={diff} />}
      </Asked>
    </Dialog>
  )
}

/** The way back: shows what it would change of the file, and does it in one step. */
export function BringBack({ version, close }: Asking & { readonly version: Version }) {
  const rollBack = useChange('rollBackConfiguration')
  const now = useAdmin('listConfigurations')
  const running = now.data?.versions.find(({ running }) => running)?.number
  // The state that is changed is the one that was looked at: whoever was faster is not overwritten.
  const text = useAdminWithEtag('getConfigurationText')
  const submit = (said: Readonly<Record<string, string>>): void => {
    const etag = text.data?.etag
    const { number } = version
    rollBack.mutate(
      { path: { number }, body: because(said), ...(etag === undefined ? {} : { etag }) },
      { onSuccess: close },
    )
  }
  return (
    <FormDialog
      title={`Bring back ${version.hash}`}
      action="Bring it back"
      doing={{ isPending: rollBack.isPending || text.isPending, error: rollBack.error ?? text.error }}
      submit={submit}
      close={close}
    >
      <p>The file is written as it was on {formatMoment(version.at)}, and taken over whole or not at all.</p>
      {running !== undefined && <Against number={version.number} running={running} />}
    </FormDialog>
  )
}

function Against({ number, running }: { readonly number: number; readonly running: number }) {
  const version = useAdmin('getConfigurationVersion', { path: { number }, query: { against: running } })
  return (
    <Asked query={version} what="what it would change">
      {({ diff }) => <DiffText diff={diff} />}
    </Asked>
  )
}
