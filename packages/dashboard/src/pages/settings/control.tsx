import { MultiSelect, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useFormat } from '../../i18n/format.js'
import { useCommon, useTexts } from '../../i18n/index.js'
import type { ControlProps } from './control-props.js'
import type { Setting } from './data.js'
import { JsonControl } from './json-control.js'
import { MapControl } from './map-control.js'
import { TEXTS } from './texts.js'

/** Does it want the whole width? */
export function isWide({ type, holds }: Setting): boolean {
  return type === 'map' || (type === 'list' && holds === 'anything')
}

/** The control that fits the kind of a setting. */
export function Control(props: ControlProps) {
  const { type, holds } = props.setting
  switch (type) {
    case 'boolean':
      return <BooleanControl {...props} />
    case 'choice':
      return <ChoiceControl {...props} />
    case 'number':
      return <NumberControl {...props} />
    case 'list':
      return holds === 'text' ? <ListControl {...props} /> : <JsonControl {...props} />
    case 'map':
      return holds === 'text' ? <MapControl {...props} /> : <JsonControl {...props} />
    case 'text':
      return <TextControl {...props} />
    default:
      return type satisfies never
  }
}

function BooleanControl({ setting, saver, id, disabled }: ControlProps) {
  const { t } = useCommon()
  const on = setting.value === true
  return (
    <Switch
      id={id}
      checked={on}
      disabled={disabled}
      label={on ? t('state.on') : t('state.off')}
      // Its name is what it does; on or off is its state.
      labelPosition="right"
      error={saver.problem}
      onChange={(event) => saver.save(event.currentTarget.checked)}
      aria-labelledby={`${id.replace(/-control$/, '')}`}
    />
  )
}

function ChoiceControl({ setting, saver, id, disabled }: ControlProps) {
  return (
    <Select
      id={id}
      data={setting.choices ?? []}
      value={textOf(setting.value)}
      allowDeselect={false}
      disabled={disabled}
      error={saver.problem}
      onChange={(value) => {
        if (value !== null && value !== setting.value) saver.save(value)
      }}
    />
  )
}

const UNITS = ['seconds', 'minutes', 'ms', 'days'] as const

function NumberControl({ setting, saver, id, disabled }: ControlProps) {
  const { t } = useTexts(TEXTS)
  const format = useFormat()
  const { path, minimum, maximum, whole } = setting
  const [value, setValue] = useState<string | number>(Number(setting.value))
  const [wrong, setWrong] = useState(false)
  const unit = UNITS.find((one) => path.endsWith(`_${one}`))

  function commit(): void {
    const number = typeof value === 'number' ? value : Number(value.trim() === '' ? NaN : value)
    setWrong(!Number.isFinite(number))
    if (Number.isFinite(number) && number !== setting.value) saver.save(number)
  }

  return (
    <NumberInput
      id={id}
      value={value}
      // The gateway says what is too much, in a sentence; a value that changes by itself says nothing.
      clampBehavior="none"
      {...(minimum === undefined ? {} : { min: minimum })}
      {...(maximum === undefined ? {} : { max: maximum })}
      allowDecimal={whole !== true}
      thousandSeparator={path.endsWith('_bytes') ? ',' : ''}
      {...(unit === undefined ? {} : { suffix: ` ${t(`unit.${unit}`)}` })}
      {...(path.endsWith('_bytes') && typeof value === 'number'
        ? {
            description: t('bytes', { size: format.bytes(value) }),
            inputWrapperOrder: ['input', 'description', 'error'],
          }
        : {})}
      disabled={disabled}
      error={wrong ? t('number') : saver.problem}
      onChange={(next) => {
        setValue(next)
        setWrong(false)
        saver.forget()
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
      }}
    />
  )
}

function TextControl({ setting, saver, id, disabled }: ControlProps) {
  const { t } = useTexts(TEXTS)
  const saved = setting.masked ? '' : textOf(setting.value)
  const [value, setValue] = useState(saved)

  function commit(): void {
    const text = value.trim()
    if (text === saved) return
    saver.save(text)
  }

  return (
    <TextInput
      id={id}
      value={value}
      disabled={disabled}
      error={saver.problem}
      spellCheck={false}
      autoComplete="off"
      {...(setting.masked && textOf(setting.value) !== ''
        ? {
            placeholder: textOf(setting.value),
            description: t('masked'),
            inputWrapperOrder: ['input', 'description', 'error'],
          }
        : {})}
      onChange={(event) => {
        setValue(event.currentTarget.value)
        saver.forget()
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
        if (event.key === 'Escape') setValue(saved)
      }}
    />
  )
}

function ListControl({ setting, saver, id, disabled }: ControlProps) {
  const { t } = useTexts(TEXTS)
  const value = Array.isArray(setting.value) ? setting.value.map(String) : []
  if (setting.choices !== undefined) {
    return (
      <MultiSelect
        id={id}
        data={setting.choices}
        value={value}
        disabled={disabled}
        error={saver.problem}
        onChange={(next) => saver.save(next)}
      />
    )
  }
  return (
    <TagsInput
      id={id}
      value={value}
      disabled={disabled}
      error={saver.problem}
      placeholder={value.length === 0 ? t('addToList') : ''}
      splitChars={[',', ' ']}
      onChange={(next) => saver.save(next)}
    />
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
