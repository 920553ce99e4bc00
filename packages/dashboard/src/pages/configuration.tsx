import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { useState } from 'react'
import { useAdmin } from '../api/queries.ts'
import { useMay } from '../api/use-may.ts'
import { formatMoment } from '../parts/format.ts'
import { PageTitle, Panel } from '../parts/panel.tsx'
import { Asked } from '../parts/states.tsx'
import { Text } from '../parts/text.tsx'
import { Table } from '../parts/table.tsx'
import { BringBack, Changes } from './configuration/version-dialogs.tsx'
import { EditConfiguration } from './configuration/edit.tsx'

type Version = AdminAnswer<'listConfigurations'>['versions'][number]
type Open =
  { readonly kind: 'editor' } | { readonly kind: 'changes' | 'back'; readonly version: Version } | undefined

/** What runs, what ran before, what changed, the way back, and the file to be edited. */
export function ConfigurationPage() {
  const running = useAdmin('getConfiguration')
  const isAdmin = useMay('admin')
  const [open, setOpen] = useState<Open>()
  const close = (): void => setOpen(undefined)
  const mayEdit = isAdmin && running.data?.file !== undefined
  return (
    <>
      <PageTitle
        aside={
          mayEdit &&
          open?.kind !== 'editor' && (
            <button className="primary" onClick={() => setOpen({ kind: 'editor' })}>
              Edit
            </button>
          )
        }
      >
        Configuration
      </PageTitle>
      {open?.kind === 'editor' && <EditConfiguration close={close} />}
      <History open={setOpen} />
      <Asked query={running} what="the configuration">
        {({ effective, file }) => (
          <Panel
            title="Every setting in effect"
            aside={
              <span className="quiet-text">
                {file === undefined
                  ? 'given on the command line: start with --config to edit it here'
                  : `from ${file}`}
              </span>
            }
          >
            <Text label="Configuration in effect">{effective}</Text>
          </Panel>
        )}
      </Asked>
      {open?.kind === 'changes' && <Changes number={open.version.number} close={close} />}
      {open?.kind === 'back' && <BringBack version={open.version} close={close} />}
    </>
  )
}

function History({ open }: { readonly open: (open: Open) => void }) {
  const versions = useAdmin('listConfigurations', {}, { every: 10_000 })
  const isAdmin = useMay('admin')
  return (
    <Panel title="History">
      <Asked query={versions} what="the history">
        {({ versions: rows }) => (
          <Table
            caption="Configurations that ran, the newest first"
            rows={rows}
            keyOf={({ number }) => String(number)}
            columns={[
              { title: 'Since', cell: ({ at }) => <span className="nowrap">{formatMoment(at)}</span> },
              {
                title: 'Configuration',
                cell: ({ hash, running }) => (
                  <>
                    <code>{hash}</code> {running && <span className="badge accent">runs</span>}
                  </>
                ),
              },
              { title: 'By', cell: ({ actor, source }) => `${actor} (${source})` },
              { title: 'Why', cell: ({ reason }) => reason || '–' },
              {
                title: 'Actions',
                cell: (version) => (
                  <span className="actions">
                    <button onClick={() => open({ kind: 'changes', version })}>
                      What changed <span className="hidden">with number {version.number}</span>
                    </button>
                    {isAdmin && version.restorable && !version.running && (
                      <button onClick={() => open({ kind: 'back', version })}>
                        Bring back <span className="hidden">number {version.number}</span>
                      </button>
                    )}
                  </span>
                ),
              },
            ]}
          />
        )}
      </Asked>
    </Panel>
  )
}
