import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { useAdmin, useAdminWithEtag, useChange } from '../api/queries.ts'
import { Dialog } from '../parts/dialog.tsx'
import { because, FormDialog } from '../parts/form-dialog.tsx'
import { formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked } from '../parts/states.tsx'
import { Text } from '../parts/text.tsx'
import { Table } from '../parts/table.tsx'

type Version = AdminAnswer<'listConfigurations'>['versions'][number]
type Diff = AdminAnswer<'getConfigurationVersion'>['diff']

/** What runs, what ran before, what changed, and the way back. */
export function ConfigurationPage() {
  const running = useAdmin('getConfiguration')
  const versions = useAdmin('listConfigurations', {}, { every: 10_000 })
  const [shown, setShown] = useState<number>()
  const [back, setBack] = useState<Version>()
  return (
    <>
      <PageTitle>Configuration</PageTitle>
      <Panel title="History">
        <Asked query={versions} what="the history">
          {({ versions: rows }) => (
            <Table
              caption="Configurations that ran, the newest first"
              rows={rows}
              keyOf={({ number }) => String(number)}
              columns={[
                { title: 'Since', cell: ({ at }) => formatMoment(at) },
                {
                  title: 'Configuration',
                  cell: ({ hash, running }) => (
                    <code>
                      {hash}
                      {running ? ' runs' : ''}
                    </code>
                  ),
                },
                { title: 'By', cell: ({ actor, source }) => `${actor} (${source})` },
                { title: 'Why', cell: ({ reason }) => reason || '–' },
                {
                  title: 'Actions',
                  cell: (version) => (
                    <span className="actions">
                      <button onClick={() => setShown(version.number)}>What changed</button>
                      {version.restorable && !version.running && (
                        <button onClick={() => setBack(version)}>Bring back</button>
                      )}
                    </span>
                  ),
                },
              ]}
            />
          )}
        </Asked>
      </Panel>
      {shown !== undefined && <Changes number={shown} close={() => setShown(undefined)} />}
      {back !== undefined && <BringBack version={back} close={() => setBack(undefined)} />}
      <Asked query={running} what="the configuration">
        {({ effective, file }) => (
          <Panel title={`In effect${file === undefined ? '' : `, from ${file.split('/').at(-1)}`}`}>
            <Text label="Configuration in effect">{effective}</Text>
          </Panel>
        )}
      </Asked>
    </>
  )
}

function Changes({ number, close }: { readonly number: number; readonly close: () => void }) {
  const version = useAdmin('getConfigurationVersion', { path: { number } })
  return (
    <Dialog title={`What changed with number ${number}`} close={close}>
      <Asked query={version} what="the change">
        {({ diff }) => <DiffText diff={diff} />}
      </Asked>
    </Dialog>
  )
}

function DiffText({ diff }: { readonly diff: Diff }) {
  const signs = { same: ' ', added: '+', removed: '-' } as const
  if (diff.every(({ kind }) => kind === 'same')) return <p>Nothing that stands in the file.</p>
  return (
    <Text label="Difference">
      {diff.map(({ kind, lines }, at) => (
        // Parts never move: the place is the key.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={at} className={kind}>
          {lines.map((line) => `${signs[kind]} ${line}\n`).join('')}
        </span>
      ))}
    </Text>
  )
}

function BringBack({ version, close }: { readonly version: Version; readonly close: () => void }) {
  const rollBack = useChange('rollBackConfiguration')
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
    </FormDialog>
  )
}
