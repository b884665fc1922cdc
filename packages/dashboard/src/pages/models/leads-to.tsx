import { Badge, Group, Text, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconArrowRight } from '@tabler/icons-react'
import { useTexts } from '../../i18n/index.js'
import type { Leads } from './data.js'
import classes from './models.module.css'
import { TEXTS } from './texts.js'

/** Where a name leads, or what is wrong with it. */
export function LeadsTo({ leads }: { leads: Leads }) {
  const { t } = useTexts(TEXTS)
  const { target, effort, serviceTier, problem, message } = leads
  if (problem !== null) {
    return (
      <Tooltip label={message} multiline maw={360}>
        <Badge variant="light" color="red" leftSection={<IconAlertTriangle size={12} />} tt="none" tabIndex={0}>
          {t(`routing.${problem}`)}
        </Badge>
      </Tooltip>
    )
  }
  return (
    <Group gap={4} component="span">
      <IconArrowRight size={14} aria-hidden />
      <Text span className={classes.mono}>
        {target}
      </Text>
      {effort === null ? null : (
        <Badge size="xs" variant="light" tt="none">
          {effort}
        </Badge>
      )}
      {serviceTier === null ? null : (
        <Badge size="xs" variant="light" color="grape" tt="none">
          {serviceTier}
        </Badge>
      )}
    </Group>
  )
}
