import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { callAdmin, type AdminError } from '../api/client.ts'
import { useAdmin, useChange } from '../api/queries.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field, readForm } from '../parts/field.tsx'
import { formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked, Failure } from '../parts/states.tsx'
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
                  title: 'What to do',
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
  const [failure, setFailure] = useState<AdminError>()
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const { reason } = readForm(form)
    // The state that is changed is the one that is looked at now: whoever was faster is not overwritten.
    const { etag } = await callAdmin('getConfigurationText')
    rollBack.mutate(
      {
        path: { number: version.number },
        body: reason === undefined ? {} : { reason },
        ...(etag === undefined ? {} : { etag }),
      },
      { onSuccess: close },
    )
  }
  return (
    <Dialog title={`Bring back ${version.hash}`} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit(event.currentTarget).catch((error: unknown) => setFailure(error as AdminError))
        }}
      >
        <p>
          The file is written as it was on {formatMoment(version.at)}, and taken over whole or not at all.
        </p>
        <Field label="Why" name="reason" maxLength={500} hint="For the audit log." />
        {failure !== undefined && <Failure error={failure} />}
        {rollBack.isError && <Failure error={rollBack.error} />}
        <button disabled={rollBack.isPending}>Bring it back</button>
      </form>
    </Dialog>
  )
}
