import { Badge, Button, Group, Paper, Stack, Text, Tooltip } from '@mantine/core'
import { IconDeviceDesktopSearch, IconDownload, IconLink } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, type Schemas } from '../api/client.js'
import { useTexts } from '../i18n/index.js'
import { Empty, Loaded } from './page.js'
import { sayDone, sayFailed } from './say.js'
import classes from './found-on-computer.module.css'
import { TEXTS } from './sign-in-texts.js'

type Found = Schemas['FoundLogin']

/** The logins of other programs on the gateway's computer. */
export function useFoundOnComputer() {
  return useQuery({
    queryKey: ['found-logins'],
    queryFn: async () => (await api.GET('/auth/import-cli')).data?.found ?? [],
    staleTime: 30_000,
  })
}

/** Logins of other programs on the gateway's computer, each to be followed or taken over. */
export function FoundOnComputer({ onDone }: { onDone?: (imported: Schemas['Imported']) => void }) {
  const { t } = useTexts(TEXTS)
  const query = useFoundOnComputer()
  return (
    <Loaded query={query} skeleton={96}>
      {(found) =>
        found.length === 0 ? (
          <Empty icon={<IconDeviceDesktopSearch size={32} stroke={1.5} />} title={t('found.none')} />
        ) : (
          <Stack gap="sm">
            {found.map((one) => (
              <FoundFile key={one.path} found={one} {...(onDone === undefined ? {} : { onDone })} />
            ))}
          </Stack>
        )
      }
    </Loaded>
  )
}

function FoundFile({ found, onDone }: { found: Found; onDone?: (imported: Schemas['Imported']) => void }) {
  const { t } = useTexts(TEXTS)
  const client = useQueryClient()
  const take = useMutation({
    mutationFn: async (link: boolean) =>
      (await api.POST('/auth/import-cli', { body: { path: found.path, ...(link ? { link } : {}) } })).data,
    onSuccess(imported) {
      if (imported === undefined) return
      void client.invalidateQueries({ queryKey: ['found-logins'] })
      void client.invalidateQueries({ queryKey: ['accounts'] })
      const names = imported.entries
        .filter(({ outcome }) => outcome !== 'failed')
        .map(({ name, id }) => name ?? id ?? '')
      if (names.length === 0) sayFailed(new Error(imported.errors[0] ?? ''), t('found.nothing'))
      else sayDone(t('found.doneOne', { names: names.join(', ') }))
      onDone?.(imported)
    },
    onError: (error) => sayFailed(error),
  })
  const wanted = found.accounts.some(({ outcome }) => outcome !== 'unchanged' && outcome !== 'failed')
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" gap="sm">
        <div className={classes.what}>
          <Text fw={600} size="sm">
            {t(`found.programs.${found.program}`)}
          </Text>
          <Text size="xs" c="dimmed" className={classes.path}>
            {found.path}
          </Text>
          <Stack gap={4} mt={6}>
            {found.problem === null ? null : (
              <Text size="xs" c="red">
                {found.problem}
              </Text>
            )}
            {found.accounts.slice(0, MOST_SHOWN).map((account, at) => (
              <Group key={`${account.name ?? ''}${at}`} gap={6}>
                <Text size="sm" className={classes.path}>
                  {account.name ?? '–'}
                </Text>
                <Badge size="sm" variant="light" tt="none" color={COLORS[account.outcome]}>
                  {t(`found.${WORDS[account.outcome]}`)}
                </Badge>
                {account.outcome === 'failed' && account.message !== null ? (
                  <Text size="xs" c="dimmed">
                    {account.message}
                  </Text>
                ) : null}
              </Group>
            ))}
            {found.accounts.length > MOST_SHOWN ? (
              <Text size="xs" c="dimmed">
                +{found.accounts.length - MOST_SHOWN}
              </Text>
            ) : null}
          </Stack>
        </div>
        {wanted ? (
          <Group gap="xs">
            {found.linkable ? (
              <Tooltip label={t('found.followAbout')} multiline maw={280}>
                <Button
                  size="xs"
                  leftSection={<IconLink size={16} />}
                  loading={take.isPending && take.variables}
                  onClick={() => take.mutate(true)}
                >
                  {t('found.follow')}
                </Button>
              </Tooltip>
            ) : null}
            <Tooltip label={t('found.copyAbout')} multiline maw={280}>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconDownload size={16} />}
                loading={take.isPending && !take.variables}
                onClick={() => take.mutate(false)}
              >
                {t('found.copy')}
              </Button>
            </Tooltip>
          </Group>
        ) : null}
      </Group>
    </Paper>
  )
}

const MOST_SHOWN = 8
const WORDS = {
  added: 'isNew',
  updated: 'newer',
  unchanged: 'here',
  unknown: 'unknown',
  failed: 'cannot',
} as const satisfies Record<Found['accounts'][number]['outcome'], string>
const COLORS = { added: 'teal', updated: 'blue', unchanged: 'gray', unknown: 'blue', failed: 'red' } as const
