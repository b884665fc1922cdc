import { Badge, NavLink, Select, Text } from '@mantine/core'
import { useTexts } from '../../i18n/index.js'
import type { Setting } from './data.js'
import { SECTION_GROUPS, sectionOf, SECTIONS, type SectionName } from './sections.js'
import classes from './settings.module.css'
import { TEXTS } from './texts.js'

interface NavProps {
  /** Undefined while something is searched for. */
  current: SectionName | undefined
  settings: readonly Setting[]
  open(name: SectionName): void
}

/** The parts of the page: a list beside it, on a phone a field to choose from. */
export function SectionNav({ current, settings, open }: NavProps) {
  const { t } = useTexts(TEXTS)
  const changed = (name: SectionName): number =>
    settings.filter((one) => one.source === 'file' && sectionOf(one) === name).length
  return (
    <>
      <nav className={classes.nav} aria-label={t('sections')}>
        {SECTION_GROUPS.map((group) => (
          <div key={group} className={classes.navGroup}>
            <Text size="xs" fw={600} c="dimmed" px="xs" mb={2}>
              {t(`group.${group}`)}
            </Text>
            {SECTIONS.filter(([, , of]) => of === group).map(([name, Icon]) => {
              const count = changed(name)
              return (
                <NavLink
                  key={name}
                  component="button"
                  type="button"
                  py={6}
                  px="xs"
                  className={classes.navLink}
                  label={t(`name.${name}`)}
                  leftSection={<Icon size={18} />}
                  rightSection={
                    count === 0 ? null : (
                      <Badge size="sm" variant="light" circle aria-label={t('changedCount', { count })}>
                        {count}
                      </Badge>
                    )
                  }
                  active={name === current}
                  {...(name === current ? { 'aria-current': 'page' as const } : {})}
                  onClick={() => open(name)}
                />
              )
            })}
          </div>
        ))}
      </nav>
      <Select
        className={classes.pick}
        label={t('section')}
        data={SECTION_GROUPS.map((group) => ({
          group: t(`group.${group}`),
          items: SECTIONS.filter(([, , of]) => of === group).map(([name]) => ({
            value: name,
            label: t(`name.${name}`),
          })),
        }))}
        value={current ?? null}
        allowDeselect={false}
        maxDropdownHeight={400}
        onChange={(name) => open(name as SectionName)}
      />
    </>
  )
}
