import { Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useCommon, useTexts } from '../../i18n/index.js'
import type { Preset } from './data.js'
import { ProviderAvatar } from './provider-avatar.js'
import classes from './providers.module.css'
import { TEXTS } from './texts.js'

/** The first step: whose key it is. */
export function ChooseProvider({ presets, choose }: { presets: readonly Preset[]; choose(id: string): void }) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const entries = [
    ...presets.map(({ id, title, baseUrl, local }) => ({
      id,
      title,
      about: local ? t('form.localAbout') : hostOf(baseUrl),
    })),
    { id: 'custom', title: t('form.custom'), about: t('form.customAbout') },
  ].filter(({ id, title, about }) => `${id}\n${title}\n${about}`.toLowerCase().includes(wanted))
  return (
    <Stack>
      <TextInput
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        placeholder={t('form.providerSearch')}
        aria-label={t('form.providerSearch')}
        leftSection={<IconSearch size={16} />}
        data-autofocus
      />
      <div className={classes.presets}>
        {entries.map(({ id, title, about }) => (
          <UnstyledButton key={id} className={classes.preset} onClick={() => choose(id)}>
            <ProviderAvatar name={id} title={title} size={32} />
            <span className={classes.word}>
              <Text span fw={500} size="sm" display="block">
                {title}
              </Text>
              <Text span c="dimmed" size="xs" display="block">
                {about}
              </Text>
            </span>
          </UnstyledButton>
        ))}
        {entries.length === 0 ? <Text c="dimmed">{common.t('state.noMatch')}</Text> : null}
      </div>
    </Stack>
  )
}

function hostOf(baseUrl: string | null): string {
  return baseUrl === null ? '' : new URL(baseUrl).host
}
