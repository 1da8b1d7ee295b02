import { Component, type ReactNode } from 'react';
import { useI18n } from '../i18n';
import { Problem } from '../lib/problem';
import { ProblemNotice } from './notice';
import { Page } from './page';

function Broken({ error }: { error: Error }) {
  const { t } = useI18n();
  const problem = new Problem({
    status: 500,
    title: t.problem.broken,
    detail: error.message,
    remedy: t.problem.brokenRemedy,
  });
  return (
    <Page title={t.app}>
      <ProblemNotice problem={problem} retry={() => window.location.reload()} />
    </Page>
  );
}

/** Keeps a mistake in one page from taking everything off the screen. */
export class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    return this.state.error ? <Broken error={this.state.error} /> : this.props.children;
  }
}
