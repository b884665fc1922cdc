import { ActionIcon, Button, CopyButton, Menu, Switch, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { IconCopy, IconDotsVertical, IconPencil, IconPlugConnected, IconRoute, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { api } from '../../api/client.js'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import { doUnlessUndone, sayFailed } from '../../parts/say.js'
import { useNow } from '../../parts/use-now.js'
import { nameOf, useShownKeys, type Key } from './data.js'
import { KeyBadge, KeyTrouble } from './key-state.js'
import classes from './providers.module.css'
import { TEXTS } from './texts.js'
import { useTest } from './use-test.js'

const SHOWN_MODELS = 8

/** One key: how it is, what it serves, and what can be done with it. */
export function KeyRow({ entry, edit }: { entry: Key; edit(entry: Key): void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const { show, hide, bringBack, readAgain } = useShownKeys()
  const { test, testing } = useTest()
  const name = nameOf(entry)
  const enabled = entry.status !== 'disabled'

  async function turn(on: boolean): Promise<void> {
    const status = on ? 'active' : 'disabled'
    const state = on ? 'ready' : 'disabled'
    show((keys) =>
      keys.map((key) => (key.id === entry.id ? { ...key, status, health: { ...key.health, state } } : key)),
    )
    try {
      await api.PATCH('/auth/api-keys/{id}/status', { params: { path: { id: entry.id } }, body: { status } })
    } catch (error) {
      sayFailed(error)
    }
    await readAgain()
  }

  function remove(): void {
    hide(entry.id)
    doUnlessUndone(
      { message: t('removed', { name, provider: entry.provider }), undo: common.t('act.undo') },
      async () => {
        await api.DELETE('/auth/api-keys/{id}', { params: { path: { id: entry.id } } })
      },
      () => bringBack(entry.id),
    )
  }

  return (
    <div className={classes.row} role="listitem" aria-label={name}>
      <div className={classes.about}>
        <div className={classes.facts}>
          <Text fw={600} className={classes.word}>
            {entry.label ?? entry.apiKey ?? t('noKey')}
          </Text>
          <KeyBadge entry={entry} />
        </div>
        <Facts entry={entry} />
      </div>
      <div className={classes.acts}>
        <Tooltip label={t('test', { name })}>
          <ActionIcon
            variant="default"
            size="lg"
            loading={testing}
            aria-label={t('test', { name })}
            onClick={() => void test(entry)}
            visibleFrom="xs"
          >
            <IconPlugConnected size={18} />
          </ActionIcon>
        </Tooltip>
        <Switch
          checked={enabled}
          onChange={(event) => void turn(event.currentTarget.checked)}
          aria-label={t('switch', { name })}
        />
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('menu', { name })}>
              <IconDotsVertical size={18} />
            </ActionIcon>
          </Menu.Target>
          <RowMenu entry={entry} edit={() => edit(entry)} test={() => void test(entry)} remove={remove} />
        </Menu>
      </div>
      <div className={classes.wide}>
        <KeyTrouble entry={entry} />
        <Models entry={entry} />
      </div>
    </div>
  )
}

function RowMenu({ entry, edit, test, remove }: { entry: Key; edit(): void; test(): void; remove(): void }) {
  const { t } = useTexts(TEXTS)
  const [, go] = useLocation()
  return (
    <Menu.Dropdown>
      <Menu.Item leftSection={<IconPencil size={16} />} onClick={edit}>
        {t('edit')}
      </Menu.Item>
      <Menu.Item leftSection={<IconPlugConnected size={16} />} onClick={test}>
        {t('testShort')}
      </Menu.Item>
      <CopyButton value={entry.id}>
        {({ copy }) => (
          <Menu.Item leftSection={<IconCopy size={16} />} onClick={copy}>
            {t('copyId')}
          </Menu.Item>
        )}
      </CopyButton>
      <Menu.Item leftSection={<IconRoute size={16} />} onClick={() => go('/proxies')}>
        {t('proxy')}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={remove}>
        {t('remove')}
      </Menu.Item>
    </Menu.Dropdown>
  )
}

function Facts({ entry }: { entry: Key }) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const now = useNow()
  const { requests, failed, costUsd } = entry.usage
  const facts = [
    ...(entry.label !== null && entry.apiKey !== null ? [entry.apiKey] : []),
    ...entry.capabilities.map((one) => t(`capability.${one}`)),
    ...(entry.weight === 1 ? [] : [t('weight', { weight: entry.weight })]),
    ...(entry.proxyId === 'global' ? [] : [t('way', { way: entry.proxyName })]),
    entry.lastUsedAt === null ? t('neverUsed') : t('used', { when: format.relative(entry.lastUsedAt, now) }),
    ...(requests === 0 ? [] : [t('served', { count: requests })]),
    ...(failed === 0 ? [] : [t('failures', { count: failed })]),
    ...(costUsd === 0 ? [] : [format.usd(costUsd)]),
  ]
  return (
    <Text size="sm" c="dimmed" component="div" className={classes.facts}>
      {facts.map((fact) => (
        <span key={fact} className={classes.word}>
          {fact}
        </span>
      ))}
    </Text>
  )
}

function Models({ entry }: { entry: Key }) {
  const { t } = useTexts(TEXTS)
  const [open, setOpen] = useState(false)
  if (entry.models === 'all') {
    return (
      <Text size="sm" c="dimmed" mt={6} className={classes.word}>
        {t('everyModel', { example: `${entry.provider}:…` })}
      </Text>
    )
  }
  const shown = open ? entry.models.slice(0, 500) : entry.models.slice(0, SHOWN_MODELS)
  const rest = entry.models.length - shown.length
  return (
    <div className={classes.models} style={{ marginBlockStart: 6 }}>
      {shown.map(({ id }) => (
        <CopyButton key={id} value={id}>
          {({ copied, copy }) => (
            <UnstyledButton className={classes.model} onClick={copy} aria-label={t('copyModel', { model: id })}>
              {copied ? `✓ ${id}` : id}
            </UnstyledButton>
          )}
        </CopyButton>
      ))}
      {rest > 0 ? (
        <Button size="compact-xs" variant="subtle" onClick={() => setOpen(true)}>
          {t('moreModels', { count: rest })}
        </Button>
      ) : null}
    </div>
  )
}
