import { Alert, Autocomplete, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useCommon, useTexts } from '../../i18n/index.js'
import { sayDone, sayFailed } from '../../parts/say.js'
import { CustomModels } from './custom-models.js'
import { useChangeRouting, type Change, type Model, type Routing } from './data.js'
import { Fallbacks } from './fallbacks.js'
import { LeadsTo } from './leads-to.js'
import classes from './models.module.css'
import { NameList, type NameListProps } from './name-list.js'
import { TEXTS } from './texts.js'

type Table = 'aliases' | 'routes' | 'patterns' | 'claudeModels'

/** Aliases, routing table, patterns, fallbacks and models of one's own. */
export function RoutingEditor({
  routing,
  models,
  alias,
}: {
  routing: Routing
  models: readonly Model[]
  alias: string | undefined
}) {
  const { t } = useTexts(TEXTS)
  const { writable, providers } = routing
  const names = models.map(({ name }) => name)
  const table = useTable()
  // A name twice would be an error of the list of suggestions.
  const withProviders = [...new Set([...providers, ...names])]
  const common = { writable, suggestions: names }
  return (
    <Stack>
      {writable ? null : (
        <Alert color="gray" variant="light">
          {t('routing.readOnly')}
        </Alert>
      )}
      <div className={classes.columns}>
        <Stack>
          <NameList
            {...common}
            {...table('aliases')}
            title={t('routing.aliases')}
            about={t('routing.aliasesAbout')}
            empty={t('routing.aliasesEmpty')}
            nameLabel={t('routing.name')}
            startWith={alias}
            entries={routing.aliases.map((entry) => ({ ...entry, shown: <LeadsTo leads={entry.leads} /> }))}
          />
          <DefaultModel key={routing.defaultModel.name} routing={routing} names={names} />
          <CustomModels routing={routing} />
        </Stack>
        <Stack>
          <Fallbacks routing={routing} names={names} />
          <NameList
            {...common}
            {...table('routes')}
            suggestions={withProviders}
            title={t('routing.routes')}
            about={t('routing.routesAbout')}
            empty={t('routing.routesEmpty')}
            nameLabel={t('routing.name')}
            entries={routing.routes.map((entry) => ({ ...entry, shown: <LeadsTo leads={entry.leads} /> }))}
          />
          <NameList
            {...common}
            {...table('patterns')}
            suggestions={withProviders}
            title={t('routing.patterns')}
            about={t('routing.patternsAbout')}
            empty={t('routing.patternsEmpty')}
            nameLabel={t('routing.pattern')}
            entries={routing.patterns.map((entry) => ({
              ...entry,
              shown: entry.configured ? null : (
                <Badge variant="light" color="gray" tt="none">
                  {t('routing.notConfigured')}
                </Badge>
              ),
            }))}
          />
          <NameList
            {...common}
            {...table('claudeModels')}
            title={t('routing.claude')}
            about={t('routing.claudeAbout')}
            empty={t('routing.claudeEmpty')}
            nameLabel={t('routing.family')}
            entries={routing.claudeModels.map((entry) => ({ ...entry, shown: <LeadsTo leads={entry.leads} /> }))}
          />
        </Stack>
      </div>
    </Stack>
  )
}

/** How one of the lists of names is kept. */
function useTable(): (table: Table) => Pick<NameListProps, 'save' | 'remove' | 'kept'> {
  const change = useChangeRouting()
  return (table) => {
    const kept = (): readonly { name: string; to: string }[] => change.kept()?.[table] ?? []
    const save = (entries: ReturnType<typeof kept>) =>
      change.save({ [table]: Object.fromEntries(entries.map(({ name, to }) => [name, to])) } as Change)
    return {
      kept,
      remove: (name, said) =>
        change.remove(table, name, said, () => save(kept().filter((entry) => entry.name !== name))),
      async save(entries) {
        return { warned: (await save(entries)).warnings.length > 0 }
      },
    }
  }
}

function DefaultModel({ routing, names }: { routing: Routing; names: readonly string[] }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const { save } = useChangeRouting()
  const { name, leads } = routing.defaultModel
  const [value, setValue] = useState(name)
  const [busy, setBusy] = useState(false)

  async function submit(): Promise<void> {
    setBusy(true)
    try {
      await save({ defaultModel: value.trim() })
      sayDone(t('routing.saved', { name: value.trim() }))
    } catch (error) {
      sayFailed(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h4">
        {t('routing.default')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('routing.defaultAbout')}
      </Text>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Group gap="sm" align="flex-start">
          <Autocomplete
            flex="1 1 180px"
            aria-label={t('routing.default')}
            data={[...names]}
            limit={12}
            value={value}
            onChange={setValue}
            disabled={!routing.writable}
          />
          <Button
            type="submit"
            variant="default"
            loading={busy}
            disabled={!routing.writable || value.trim() === '' || value.trim() === name}
          >
            {common.t('act.save')}
          </Button>
        </Group>
      </form>
      <Group mt="xs">
        <LeadsTo leads={leads} />
      </Group>
    </Paper>
  )
}
