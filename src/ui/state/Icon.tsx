/** Small drawings on a 16 × 16 grid, in the colour of the text around them. */
const paths = {
  first: 'm12 4-5 4 5 4zM4 4v8',
  last: 'm4 4 5 4-5 4zM12 4v8',
  previous: 'm10 4-4 4 4 4',
  next: 'm6 4 4 4-4 4',
  minus: 'M3 8h10',
  plus: 'M8 3v10M3 8h10',
  pencil: 'm3 13 .7-2.8 7-7 2.1 2.1-7 7z',
  cross: 'm4 4 8 8M12 4l-8 8',
  disc: 'M8 4a4 4 0 1 0 .01 0z',
  differs: 'M3 6h10M3 10h10M11 3 5 13',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
