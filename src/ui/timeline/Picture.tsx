/** A `Drawing` as SVG. It computes nothing but outlines; readers of the screen get the list behind it instead. */
import { memo } from 'react'
import type { Rows } from './lanes.ts'
import { type Drawing, WRONG_WORDS } from './layout.ts'
import { mark, outline } from './shapes.ts'

const WRONG = 'wrong from now on'
const GHOST = 'A prediction: not done yet, and not recorded.'

export const Picture = memo(function Picture({ drawing, rows, height }: { drawing: Drawing; rows: Rows; height: number }) {
  const { width, blocks, waiting, arrows, brackets, bars, playhead, ring, wrong, axis } = drawing
  const bottom = rows.lanes.at(-1)
  const lanesEnd = bottom ? bottom.top + bottom.height : 0
  return (
    <svg className="tl-svg" width={width} height={height} aria-hidden="true" focusable="false">
      {wrong !== null && wrong < width && (
        <rect className="wrongzone" x={Math.max(0, wrong)} y={20} width={width - Math.max(0, wrong)} height={Math.max(0, lanesEnd - 20)} />
      )}
      {rows.lanes.map(lane => (
        <path key={lane.lane} className="lane" d={`M0 ${lane.top + 0.5}H${width}`} />
      ))}
      <path className="lane" d={`M0 ${lanesEnd + 0.5}H${width}`} />
      {rows.axis !== null &&
        axis.map(tick => (
          <g key={tick.label}>
            <path className="gridline" d={`M${tick.x} 20V${rows.axis}`} />
            <text className="axis" x={tick.x + 3} y={rows.axis! + 9}>
              {tick.label}
            </text>
          </g>
        ))}
      {brackets.map(b => (
        <g key={b.path}>
          <path className="span" d={b.path} />
          {b.text && (
            // The label stands on the bracket's line and hides it: a wide stroke of the panel's colour lies under the letters.
            <text className="spant" x={b.x} y={15}>
              {b.text}
            </text>
          )}
        </g>
      ))}
      <defs>
        <pattern id="tl-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path className="hatch" d="M0 0V6" />
        </pattern>
      </defs>
      {waiting.map(w => (
        <g key={`${w.x} ${w.y}`} data-tip="It was entered for the step; then the host ran another vCPU.">
          <rect className="waits" x={w.x} y={w.y} width={w.w} height={w.h} rx={3} fill="url(#tl-hatch)" />
          {w.text && (
            <text className="waitst" x={Math.max(0, w.x) + 8} y={w.y + w.h / 2 + 3.7}>
              {w.text}
            </text>
          )}
        </g>
      ))}
      {arrows.map(a => (
        <g key={a.head}>
          <path className={a.wrong ? 'arr bad' : 'arr'} d={a.path} />
          <path className={a.wrong ? 'head bad' : 'head'} d={a.head} />
        </g>
      ))}
      {blocks.map((block, i) => {
        const inner = mark(block)
        const middle = block.x + block.w / 2
        const centre = block.y + block.h / 2
        return (
          <g
            key={block.from < 0 ? `g${i}` : `${block.from}-${block.y}`}
            data-tip={block.from < 0 ? GHOST : `block ${block.from} ${block.to}`}
          >
            <path className={`b ${block.look}`} d={outline(block)} />
            {inner && <path className={`mark ${block.look}`} d={inner} />}
            {block.lines.length === 1 && (
              <text className={block.look} x={middle} y={centre + 3.7}>
                {block.lines[0]}
              </text>
            )}
            {block.lines.length === 2 && (
              <text className={block.look} x={middle} y={centre - 2}>
                {block.lines[0]}
                <tspan x={middle} dy={11.5}>
                  {block.lines[1]}
                </tspan>
              </text>
            )}
          </g>
        )
      })}
      {bars.map(bar => (
        <g key={`${bar.x} ${bar.y}`}>
          <rect className={`bar ${bar.look}`} x={bar.x} y={bar.y} width={bar.w} height={11} rx={2} />
          {bar.text && (
            <text className="bart" x={Math.max(0, bar.x) + 4.5} y={bar.y + 9}>
              {bar.text}
            </text>
          )}
        </g>
      ))}
      {ring && <rect className="ring" x={ring.x} y={ring.y} width={ring.w} height={ring.h} rx={5} />}
      {wrong !== null && wrong > -120 && wrong < width && (
        <g>
          <path className="wrong" d={`M${wrong} 2V${height}`} />
          <rect className="wrongbox" x={wrong + 1} y={2} width={WRONG_WORDS} height={17} />
          <text className="wrongt" x={wrong + 1 + WRONG_WORDS / 2} y={14.5}>
            {WRONG}
          </text>
        </g>
      )}
      {playhead !== null && (
        <g>
          <path className="play" d={`M${playhead} 0V${height}`} />
          <path className="playh" d={`M${playhead - 5} 0h10v5l-5 5-5-5z`} />
        </g>
      )}
    </svg>
  )
})
