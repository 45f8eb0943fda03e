/** Keeps an error of one panel from taking the page with it: says what happened and offers to draw the panel again. */
import { Component, type ReactNode } from 'react'

interface Props {
  name: string
  children: ReactNode
}

export class Guard extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <section className="panel" aria-label={this.props.name}>
        <div className="empty" role="alert">
          <b>{this.props.name} could not be drawn</b>
          <span>{error.message}</span>
          <span>The machine and its recording are kept.</span>
          <button type="button" className="btn" onClick={() => this.setState({ error: null })}>
            Draw it again
          </button>
        </div>
      </section>
    )
  }
}
