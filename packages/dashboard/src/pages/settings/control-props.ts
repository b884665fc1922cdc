import type { Saver, Setting } from './data.js'

/** What every control of a setting is given. */
export interface ControlProps {
  setting: Setting
  saver: Saver
  id: string
  labelledBy: string
  disabled: boolean
}
