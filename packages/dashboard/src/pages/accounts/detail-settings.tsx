import { NumberInput, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../i18n/index.js'
import type { Account } from './choose.js'
import { useChange, type Written } from './data.js'
import { DETAIL } from './detail-texts.js'
import { Part } from './detail-part.js'
import { ProxySelect } from './proxy-select.js'

/** What its owner says of it; each is saved when its field is left. */
export function Settings({ account }: { account: Account }) {
  const { t } = useTexts(DETAIL)
  const change = useChange(account.id)
  const [label, setLabel] = useState(account.label ?? '')
  const [note, setNote] = useState(account.note ?? '')
  const [weight, setWeight] = useState<number | string>(account.weight)
  const [most, setMost] = useState<number | string>(account.maxConcurrent ?? '')
  const save = (written: Written): void => change.mutate(written)
  return (
    <Part title={t('settings')}>
      <Stack gap="sm">
        <TextInput
          label={t('label')}
          description={t('labelHint')}
          maxLength={64}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          onBlur={() => {
            if (label.trim() !== (account.label ?? '')) save({ label: label.trim() === '' ? null : label.trim() })
          }}
          onKeyDown={leaveOnEnter}
        />
        <Textarea
          label={t('note')}
          autosize
          minRows={1}
          maxRows={4}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value.replaceAll('\n', ' '))}
          onBlur={() => {
            if (note.trim() !== (account.note ?? '')) save({ note: note.trim() === '' ? null : note.trim() })
          }}
        />
        <TagsInput
          label={t('groups')}
          description={t('groupsHint')}
          value={account.groups}
          onChange={(groups) => save({ groups })}
        />
        <NumberInput
          label={t('weight')}
          description={t('weightHint')}
          min={0}
          max={1000}
          value={weight}
          onChange={setWeight}
          onBlur={() => {
            if (typeof weight === 'number' && weight !== account.weight) save({ weight })
          }}
        />
        <NumberInput
          label={t('most')}
          description={t('mostHint')}
          min={0}
          max={10_000}
          allowDecimal={false}
          value={most}
          onChange={setMost}
          onBlur={() => {
            const wanted = typeof most === 'number' ? most : null
            if (wanted !== account.maxConcurrent) save({ maxConcurrent: wanted })
          }}
        />
        <ProxySelect
          value={account.proxyId}
          onChange={(proxyId) => {
            if (proxyId !== null && proxyId !== account.proxyId) save({ proxyId })
          }}
        />
        <Switch
          label={t('converge')}
          description={t('convergeHint')}
          checked={account.codexFingerprintMode === 'session'}
          onChange={(event) => save({ converge: event.currentTarget.checked })}
        />
      </Stack>
    </Part>
  )
}

function leaveOnEnter(event: React.KeyboardEvent<HTMLInputElement>): void {
  if (event.key === 'Enter') event.currentTarget.blur()
}
