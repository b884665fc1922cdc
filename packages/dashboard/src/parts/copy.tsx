import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy, IconEye, IconEyeOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useCommon } from '../i18n/index.js'
import classes from './copy.module.css'

/** A button that copies a text and says that it did. */
export function Copy({ value, label }: { value: string; label?: string }) {
  const { t } = useCommon()
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('act.copied') : (label ?? t('act.copy'))}>
          <ActionIcon
            variant="subtle"
            color={copied ? 'teal' : 'gray'}
            onClick={copy}
            aria-label={copied ? t('act.copied') : (label ?? t('act.copy'))}
          >
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** A secret: hidden until somebody wants to see it, and copied without being seen. */
export function SecretText({ value, shown = false }: { value: string; shown?: boolean }) {
  const { t } = useCommon()
  const [open, setOpen] = useState(shown)
  return (
    <Group gap={4} wrap="nowrap">
      <Code className={classes.secret}>{open ? value : '•'.repeat(24)}</Code>
      <Tooltip label={open ? t('act.hide') : t('act.show')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={() => setOpen(!open)}
          aria-label={open ? t('act.hide') : t('act.show')}
        >
          {open ? <IconEyeOff size={16} /> : <IconEye size={16} />}
        </ActionIcon>
      </Tooltip>
      <Copy value={value} />
    </Group>
  )
}

/**
 * Code to be copied: never broken, scrolled when it is wide.
 * @param shown what stands there in its place, where the code holds a secret
 */
export function CopyBlock({ code, label, shown = code }: { code: string; label?: string; shown?: string }) {
  return (
    <div className={classes.block}>
      {/* Focusable, so that a keyboard can scroll it. */}
      <pre className={classes.code} tabIndex={0}>
        <code>{shown}</code>
      </pre>
      <div className={classes.corner}>
        <Copy value={code} {...(label === undefined ? {} : { label })} />
      </div>
    </div>
  )
}
