import { Button, Skeleton } from '@mantine/core'
import { IconArrowsShuffle, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useCommon, useTexts } from '../../i18n/index.js'
import { Empty, Loaded, Page } from '../../parts/page.js'
import { AddProxies } from './add-proxies.js'
import { Board } from './board.js'
import { CheckAll, useCheckAll } from './check-all.js'
import { useOwners, usePool } from './data.js'
import { EverybodysWay } from './everybodys-way.js'
import { PoolSection } from './pool.js'
import classes from './proxies.module.css'
import { TEXTS } from './texts.js'
import { TransferMenu } from './transfer.js'

export default function ProxiesPage() {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const pool = usePool()
  const owners = useOwners()
  const check = useCheckAll()
  /** What stands in the dialog at first; undefined: it is closed. */
  const [adding, setAdding] = useState<string>()
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding('')}>
      {t('add')}
    </Button>
  )
  return (
    <Page
      title={common.t('nav.proxies')}
      about={t('about')}
      actions={
        <>
          <TransferMenu />
          {add}
        </>
      }
    >
      <Loaded query={pool} skeleton={<PoolSkeleton />}>
        {(read) => (
          <>
            {read.proxies.length === 0 ? (
              <Empty icon={<IconArrowsShuffle size={32} />} title={t('empty')} action={add}>
                {t('emptyAbout')}
              </Empty>
            ) : (
              <PoolSection proxies={read.proxies} actions={<CheckAll check={check} />} />
            )}
            <EverybodysWay pool={read} onFound={setAdding} />
            <Loaded query={owners} skeleton={620}>
              {(list) => <Board proxies={read.proxies} owners={list} />}
            </Loaded>
          </>
        )}
      </Loaded>
      <AddProxies
        key={adding ?? 'closed'}
        opened={adding !== undefined}
        text={adding ?? ''}
        onClose={() => setAdding(undefined)}
        onAdded={() => {
          setAdding(undefined)
          check.begin()
        }}
      />
    </Page>
  )
}

function PoolSkeleton() {
  return (
    <>
      <div className={classes.list}>
        {[0, 1, 2].map((n) => (
          <Skeleton key={n} height={172} />
        ))}
      </div>
      <Skeleton height={164} mt="lg" />
      <Skeleton height={620} mt="lg" />
    </>
  )
}
