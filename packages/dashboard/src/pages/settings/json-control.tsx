import { Button, Group, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useCommon, useTexts } from '../../i18n/index.js'
import type { ControlProps } from './control-props.js'
import { TEXTS } from './texts.js'

/** What has too many forms for a form of its own. */
export function JsonControl({ setting, saver, id, disabled }: ControlProps) {
  const { t } = useTexts(TEXTS)
  const common = useCommon()
  const saved = JSON.stringify(setting.value, null, 2)
  const [text, setText] = useState(saved)
  const [why, setWhy] = useState<string>()

  function commit(): void {
    try {
      saver.save(JSON.parse(text))
    } catch (error) {
      setWhy(error instanceof Error ? error.message : String(error))
    }
  }

  return (
    <Stack gap="xs">
      <Textarea
        id={id}
        value={text}
        autosize
        minRows={2}
        maxRows={16}
        spellCheck={false}
        disabled={disabled}
        description={t('asJson')}
        inputWrapperOrder={['input', 'description', 'error']}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        error={why === undefined ? saver.problem : t('json', { why })}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setWhy(undefined)
          saver.forget()
        }}
      />
      {text === saved ? null : (
        <Group gap="xs">
          <Button size="xs" onClick={commit} loading={saver.busy} aria-label={t('save', { setting: setting.path })}>
            {common.t('act.save')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setText(saved)}>
            {common.t('act.cancel')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
