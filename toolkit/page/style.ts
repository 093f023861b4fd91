/** The style of the page: that of the plots, then its own. */
import { plotStyle } from '../plots/palette.ts'
import own from './page.css'

export const style = `${plotStyle}${own}`
