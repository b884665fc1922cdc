import { Badge, Button, Group, Loader, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { api, type Schemas } from '../../../api/client.js'
import { known } from '../../../api/sign-in.js'
import { useFormat } from '../../../i18n/format.js'
import { useTexts } from '../../../i18n/index.js'
import { SettingsCard } from './card.js'
import { TEXTS } from './texts.js'

type Check = Schemas['ConnectionCheck']
type Name = Check['name']
const NAMES: readonly Name[] = ['server', 'accounts', 'transport', 'upstream']
const COLORS: Readonly<Record<Check['status'], string>> = { pass: 'teal', fail: 'red', skip: 'gray' }

/** Each part is asked for by itself, so that each result stands there when it is known. */
export function TestConnectionCard() {
  const { t } = useTexts(TEXTS)
  const [results, setResults] = useState<Partial<Record<Name, Check | 'running'>>>({})
  const isRunning = NAMES.some((name) => results[name] === 'running')

  async function run(name: Name): Promise<void> {
    setResults((now) => ({ ...now, [name]: 'running' }))
    const check = await ask(name)
    setResults((now) => ({ ...now, [name]: check }))
  }

  return (
    <SettingsCard title={t('test.title')}>
      <Text size="sm">{t('test.what')}</Text>
      <Stack gap="xs" aria-live="polite">
        {NAMES.map((name) => (
          <CheckRow key={name} name={name} check={results[name]} />
        ))}
      </Stack>
      <div>
        <Button variant="default" loading={isRunning} onClick={() => NAMES.forEach((name) => void run(name))}>
          {t(Object.keys(results).length === 0 ? 'test.run' : 'test.again')}
        </Button>
      </div>
    </SettingsCard>
  )
}

async function ask(name: Name): Promise<Check> {
  try {
    const { data } = await api.POST('/admin/test-connection', { body: { checks: [name] } })
    const check = known(data).checks[0]
    if (check !== undefined) return check
    throw new Error(name)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { name, status: 'fail', latencyMs: 0, detail: null, error: message, facts: {} }
  }
}

function CheckRow({ name, check }: { name: Name; check: Check | 'running' | undefined }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const isKnown = check !== undefined && check !== 'running'
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      {check === 'running' ? (
        <Badge tt="none" variant="default" leftSection={<Loader size={10} />} flex="none">
          {t('test.running')}
        </Badge>
      ) : (
        <Badge
          tt="none"
          variant={isKnown ? 'light' : 'default'}
          color={isKnown ? COLORS[check.status] : 'gray'}
          flex="none"
        >
          {isKnown ? t(`test.${check.status}`) : t('test.notYet')}
        </Badge>
      )}
      <div>
        <Text size="sm" fw={500}>
          {t(`test.name.${name}`)}
          {isKnown && check.status !== 'skip' ? (
            <Text span size="xs" c="dimmed" ml="xs">
              {format.duration(check.latencyMs)}
            </Text>
          ) : null}
        </Text>
        <Text size="sm" c="dimmed">
          {isKnown ? sentence(check) : ' '}
        </Text>
      </div>
    </Group>
  )

  function sentence(known: Check): string {
    if (known.error !== null) return known.error
    return known.status === 'skip' ? t(`test.skipped.${known.name}`) : t(`test.good.${known.name}`, known.facts)
  }
}
