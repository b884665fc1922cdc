import {
  ActionIcon,
  Anchor,
  Alert,
  Button,
  Group,
  Paper,
  PasswordInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Tooltip,
} from '@mantine/core'
import { IconEye, IconEyeOff, IconKey } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { Link } from 'wouter'
import { rawFetch } from '../../api/client.js'
import { useTexts } from '../../i18n/index.js'
import { sayFailed } from '../../parts/say.js'
import { SecretText } from '../../parts/copy.js'
import type { Recipe, Shell } from './clients/index.js'
import { useChoice, type ConnectView } from './data.js'
import { addressOf } from './filling.js'
import { TEXTS } from './texts.js'

/** Where the address, the key and the model come from that every client's settings are filled with. */
export function SetupBar({ connect, recipe }: { connect: ConnectView; recipe: Recipe }) {
  const { t } = useTexts(TEXTS)
  const [choice, choose] = useChoice()
  const address = addressOf(connect, choice.address)
  const kind = connect.addresses.find(({ url }) => url === address)?.kind
  return (
    <Paper withBorder p="md" component="section" aria-label={t('fill')}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
          <Select
            label={t('address')}
            description={kind === undefined ? null : t(LABELS[kind])}
            data={connect.addresses.map(({ url }) => url)}
            value={address}
            onChange={(address) => choose(address === null ? {} : { address })}
            allowDeselect={false}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
          />
          <Select
            label={t('model')}
            data={[...new Set(connect.models.map(({ id }) => id))]}
            value={choice.model ?? connect.default_model}
            onChange={(model) => choose(model === null ? {} : { model })}
            allowDeselect={false}
            searchable
            limit={100}
          />
          <ShellChoice value={choice.shell} onChange={(shell) => choose({ shell })} />
        </SimpleGrid>
        <KeyChoice connect={connect} recipe={recipe} />
      </Stack>
    </Paper>
  )
}

const LABELS = { public: 'addressPublic', 'this page': 'addressPage', listener: 'addressListener' } as const

function ShellChoice({ value, onChange }: { value: Shell; onChange: (shell: Shell) => void }) {
  const { t } = useTexts(TEXTS)
  const id = useId()
  return (
    <div>
      <Text size="sm" fw={500} id={id} mb={2}>
        {t('shell')}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        fullWidth
        value={value}
        onChange={(shell) => onChange(shell === 'powershell' ? 'powershell' : 'posix')}
        data={[
          { value: 'posix', label: t('shellPosix') },
          { value: 'powershell', label: t('shellPowershell') },
        ]}
      />
    </div>
  )
}

function KeyChoice({ connect, recipe }: { connect: ConnectView; recipe: Recipe }) {
  const { t } = useTexts(TEXTS)
  const [choice, choose] = useChoice()
  const make = useMutation({
    async mutationFn(name: string) {
      const response = await rawFetch('/admin/client-keys', { method: 'POST', body: JSON.stringify({ name }) })
      return { name, ...madeKey(await response.json()) }
    },
    onSuccess: ({ name, key, id }) => choose({ key, keyName: name, ...(id === undefined ? {} : { keyId: id }) }),
    onError: (error) => sayFailed(error),
  })
  if (choice.keyName !== undefined) {
    return (
      <Alert color="teal" variant="light" icon={<IconKey />} title={t('keyMade', { name: choice.keyName })}>
        <Group gap="xs" justify="space-between">
          <SecretText value={choice.key} />
          <Button size="xs" variant="default" onClick={() => forget(choose)}>
            {t('keyClear')}
          </Button>
        </Group>
      </Alert>
    )
  }
  return (
    <Stack gap={6}>
      <Group align="flex-end" gap="sm">
        <PasswordInput
          label={t('key')}
          placeholder={t('keyPlaceholder')}
          value={choice.key}
          onChange={(event) => choose({ key: event.currentTarget.value.trim() })}
          autoComplete="off"
          flex="1 1 220px"
        />
        <Button
          leftSection={<IconKey size={16} />}
          variant="light"
          loading={make.isPending}
          onClick={() => make.mutate(recipe.name)}
        >
          {t('keyMake', { client: recipe.name })}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {t('keyAbout')} {t('keyCount', { count: connect.keys.length })}{' '}
        <Anchor component={Link} href="/client-keys" size="xs" underline="always">
          {t('keyMany')}
        </Anchor>
      </Text>
    </Stack>
  )
}

function forget(choose: ReturnType<typeof useChoice>[1]): void {
  choose({ key: '', keyName: undefined, keyId: undefined })
}

function madeKey(body: unknown): { key: string; id?: string } {
  const read = (of: unknown, name: string): string | undefined => {
    const value: unknown = typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
    return typeof value === 'string' ? value : undefined
  }
  const key = read(body, 'key')
  if (key === undefined) throw new Error('the gateway told no key')
  const id = read(body, 'id')
  return { key, ...(id === undefined ? {} : { id }) }
}

/** Shows or hides the key in all settings. */
export function KeyEye() {
  const { t } = useTexts(TEXTS)
  const [{ keyShown, key }, choose] = useChoice()
  if (key === '') return null
  const label = keyShown ? t('keyHide') : t('keyShow')
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => choose({ keyShown: !keyShown })}>
        {keyShown ? <IconEyeOff size={18} /> : <IconEye size={18} />}
      </ActionIcon>
    </Tooltip>
  )
}
