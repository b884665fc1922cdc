import { SimpleGrid, Skeleton, Stack } from '@mantine/core'
import { useRef, useState } from 'react'
import { useLive } from '../../api/live.js'
import { Loaded } from '../../parts/page.js'
import { ChooseClient } from './choose-client.js'
import { ClientSetup } from './client-setup.js'
import classes from './connect.module.css'
import { RECIPES, type ClientId } from './clients/index.js'
import { useChoice, useConnect, type ConnectView } from './data.js'
import { addressOf } from './filling.js'
import { readRecord } from './records.js'
import { SetupBar } from './setup-bar.js'

/** A client is chosen, its settings are shown, and whether it works is seen. Part of Connect and of the first run. */
export function ConnectClient() {
  const query = useConnect()
  return (
    <Loaded query={query} skeleton={<ConnectSkeleton />}>
      {(connect) => <Connected connect={connect} />}
    </Loaded>
  )
}

const CHOSEN_AS = 'dragoman-client'

function Connected({ connect }: { connect: ConnectView }) {
  const [choice] = useChoice()
  const setup = useRef<HTMLDivElement>(null)
  const [id, setId] = useState(() => sessionStorage.getItem(CHOSEN_AS))
  const [programs, setPrograms] = useState<ReadonlySet<string>>(new Set())
  useLive('requests', (data) => {
    const client = readRecord(data)?.client
    if (client !== undefined && !programs.has(client)) setPrograms(new Set([...programs, client]))
  })
  const recipe = RECIPES.find((one) => one.id === id) ?? RECIPES[0]
  if (recipe === undefined) return null
  const choose = (chosen: ClientId): void => {
    sessionStorage.setItem(CHOSEN_AS, chosen)
    setId(chosen)
    // Where the cards fill the window what they show lies below it.
    requestAnimationFrame(() => setup.current?.scrollIntoView({ block: 'nearest' }))
  }
  return (
    <Stack gap="lg">
      <SetupBar connect={connect} recipe={recipe} />
      <ChooseClient
        connect={connect}
        address={addressOf(connect, choice.address)}
        chosen={recipe.id}
        connected={programs}
        onChoose={choose}
      />
      <div ref={setup} className={classes.setup}>
        <ClientSetup connect={connect} recipe={recipe} />
      </div>
    </Stack>
  )
}

function ConnectSkeleton() {
  return (
    <Stack gap="lg">
      <Skeleton height={190} />
      <SimpleGrid cols={{ base: 2, xs: 3, md: 4, xl: 6 }} spacing="xs">
        {RECIPES.map(({ id }) => (
          <Skeleton key={id} height={60} />
        ))}
      </SimpleGrid>
      <Skeleton height={420} />
    </Stack>
  )
}
