import { Badge, SimpleGrid, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconCode, IconDeviceDesktop, IconSearch, IconSourceCode, IconTerminal2 } from '@tabler/icons-react'
import { useState } from 'react'
import { useTexts } from '../../i18n/index.js'
import { Copy } from '../../parts/copy.js'
import classes from './connect.module.css'
import { RECIPES, type ClientId, type Recipe } from './clients/index.js'
import type { ConnectView } from './data.js'
import { TEXTS } from './texts.js'

const ICONS = { terminal: IconTerminal2, editor: IconSourceCode, app: IconDeviceDesktop, code: IconCode } as const

/** Every client as a small card; one of them is chosen. */
export function ChooseClient({
  connect,
  address,
  chosen,
  connected,
  onChoose,
}: {
  connect: ConnectView
  address: string
  chosen: ClientId
  /** Programs that have asked before. */
  connected: ReadonlySet<string>
  onChoose: (id: ClientId) => void
}) {
  const { t } = useTexts(TEXTS)
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const found = RECIPES.filter(({ name, speaks }) => `${name} ${speaks}`.toLowerCase().includes(wanted))
  return (
    <Stack gap="sm">
      <TextInput
        label={t('choose')}
        placeholder={t('search')}
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={360}
      />
      {found.length === 0 ? <AnyClient connect={connect} address={address} /> : null}
      <SimpleGrid cols={{ base: 2, xs: 3, md: 4, xl: 6 }} spacing="xs">
        {found.map((recipe) => (
          <ClientCard
            key={recipe.id}
            recipe={recipe}
            chosen={recipe.id === chosen}
            connected={recipe.programs.some((program) => connected.has(program))}
            onChoose={() => onChoose(recipe.id)}
          />
        ))}
      </SimpleGrid>
    </Stack>
  )
}

function ClientCard({
  recipe,
  chosen,
  connected,
  onChoose,
}: {
  recipe: Recipe
  chosen: boolean
  connected: boolean
  onChoose: () => void
}) {
  const { t } = useTexts(TEXTS)
  const Icon = ICONS[recipe.kind]
  return (
    <UnstyledButton className={classes.card} data-client={recipe.id} aria-pressed={chosen} onClick={onChoose}>
      <Icon size={20} stroke={1.6} aria-hidden className={classes.icon} />
      <span className={classes.name}>
        <Text fw={600} size="sm" component="span">
          {recipe.name}
        </Text>
        {connected ? (
          <Badge size="sm" variant="light" color="teal" tt="none" component="span">
            {t('arrivedBefore')}
          </Badge>
        ) : (
          <Text size="xs" c="dimmed" component="span">
            {t(`kind_${recipe.kind}`)}
          </Text>
        )}
      </span>
    </UnstyledButton>
  )
}

/** The addresses by protocol, for a client that is not in the list. */
function AnyClient({ connect, address }: { connect: ConnectView; address: string }) {
  const { t } = useTexts(TEXTS)
  const bases: (readonly [string, string])[] = [
    [t('baseOpenai'), `${address}/v1`],
    [t('baseAnthropic'), address],
    [t('baseGemini'), address],
    ...(connect.ollama.url === null ? [] : [[t('baseOllama'), connect.ollama.url] as const]),
  ]
  return (
    <Stack gap={4}>
      <Text size="sm">{t('nothingFound')}</Text>
      {bases.map(([name, url]) => (
        <Text key={name} size="sm" component="div" className={classes.base}>
          <span>{name}:</span> <code>{url}</code> <Copy value={url} />
        </Text>
      ))}
    </Stack>
  )
}
