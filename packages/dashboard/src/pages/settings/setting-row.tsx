import { ActionIcon, Alert, Badge, Code, Group, Text, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconLock } from '@tabler/icons-react'
import { useTexts } from '../../i18n/index.js'
import { Control, isWide } from './control.js'
import { useSaver, type Setting } from './data.js'
import classes from './settings.module.css'
import { shown } from './shown.js'
import { TEXTS } from './texts.js'

/** One setting: what it does, its control, where its value comes from. */
export function SettingRow({ setting, writable }: { setting: Setting; writable: boolean }) {
  const { t, language } = useTexts(TEXTS)
  const saver = useSaver(setting)
  const { path, source, locked } = setting
  const about = language === 'zh-CN' ? setting.descriptionZh : setting.description
  const labelId = `setting-${path.replace('.', '-')}`
  return (
    <div className={classes.row} data-wide={isWide(setting)} data-setting={path}>
      <div className={classes.words}>
        {/* An editor of many fields is a group that is named; everything else is one field. */}
        {setting.type === 'map' && setting.holds === 'text' ? (
          <Text id={labelId} fw={500} size="sm">
            {about}
          </Text>
        ) : (
          <Text component="label" htmlFor={`${labelId}-control`} id={labelId} fw={500} size="sm" display="block">
            {about}
          </Text>
        )}
        <Group gap={6} mt={6}>
          <Code>{path}</Code>
          <Text size="xs" c="dimmed" span>
            {t('default')}: {shown(setting.default, t('empty'), t('none'))}
          </Text>
        </Group>
        <Marks setting={setting} />
        {locked ? (
          <Alert variant="light" color="gray" mt="xs" p="xs" icon={<IconLock size={16} />} className={classes.locked}>
            {source === 'flag' ? t('lockedByFlag') : t('lockedByEnvironment', { variable: setting.variable })}
          </Alert>
        ) : null}
      </div>
      <div className={classes.control}>
        <div className={classes.field}>
          <Control
            // What comes from elsewhere (the file, another page, an undo) begins anew.
            key={JSON.stringify(setting.value)}
            setting={setting}
            saver={saver}
            id={`${labelId}-control`}
            labelledBy={labelId}
            disabled={locked || !writable}
          />
        </div>
        {source === 'file' && writable ? (
          <Tooltip label={t('reset')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              loading={saver.busy}
              onClick={() => saver.save(null)}
              aria-label={t('resetNamed', { setting: path })}
            >
              <IconArrowBackUp size={18} />
            </ActionIcon>
          </Tooltip>
        ) : (
          <span className={classes.noReset} />
        )}
      </div>
    </div>
  )
}

function Marks({ setting }: { setting: Setting }) {
  const { t } = useTexts(TEXTS)
  const { source, atStart, restartPending, guarded } = setting
  if (source === 'default' && !atStart && !guarded) return null
  return (
    <Group gap={6} mt={6}>
      {source === 'file' ? (
        <Badge size="sm" tt="none" variant="light">
          {t('changed')}
        </Badge>
      ) : null}
      {restartPending ? (
        <Badge size="sm" tt="none" variant="light" color="orange">
          {t('waits')}
        </Badge>
      ) : atStart ? (
        <Tooltip label={t('restartHint')}>
          <Badge size="sm" tt="none" fw={500} variant="default">
            {t('restart')}
          </Badge>
        </Tooltip>
      ) : null}
      {guarded ? (
        <Tooltip label={t('guardedHint')} multiline maw={320}>
          <Badge size="sm" tt="none" fw={500} variant="default">
            {t('guarded')}
          </Badge>
        </Tooltip>
      ) : null}
    </Group>
  )
}
