import { useEffect, useMemo, useState } from 'react';
import { useI18n } from '../i18n';
import { http } from '../lib/http';
import { useLive } from '../lib/live';
import { Problem } from '../lib/problem';
import { useResource } from '../lib/resource';
import { Link, useRouter } from '../lib/router';
import {
  ended,
  SIMULATOR,
  transcript,
  type Faults,
  type Leg,
  type LogEntry,
  type PhoneSettings,
} from '../phone/carrier';
import { Handset } from '../phone/handset';
import { Network } from '../phone/network';
import { OtherPhones } from '../phone/others';
import { Transcript } from '../phone/transcript';
import { Empty, ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';

/** Way from the carrier's id of a leg to Cordboard's page of the call. */
function CallLink({ leg }: { leg: Leg }) {
  const { t } = useI18n();
  const { data, reload } = useResource<{ items: { id: string }[] }>(
    `/v1/calls?limit=1&carrier_call=${encodeURIComponent(leg.sid)}`,
  );
  const id = data?.items[0]?.id;

  // Cordboard learns of the call when it is answered; until then there is nothing to find.
  useEffect(() => {
    if (id === undefined) reload();
  }, [id, leg.status, leg.heard.length, reload]);

  return id === undefined ? null : <Link href={`/calls/${id}`}>{t.phone.callPage}</Link>;
}

export function TestPhonePage() {
  const { t } = useI18n();
  const { query, go } = useRouter();
  const sid = query.get('call');

  const phones = useResource<Record<string, PhoneSettings>>(`${SIMULATOR}/phones`);
  const legs = useResource<{ calls: Leg[] }>(`${SIMULATOR}/calls`);
  const faults = useResource<Faults>(`${SIMULATOR}/faults`);
  const speed = useResource<{ speed: string | number }>(`${SIMULATOR}/speed`);
  const leg = useResource<Leg>(sid ? `${SIMULATOR}/calls/${encodeURIComponent(sid)}` : null);
  const [inputs, setInputs] = useState<LogEntry[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  const off = phones.problem?.status === 404;
  useLive(off ? null : `${SIMULATOR}/events`, {
    open: () => {
      legs.reload();
      leg.reload();
    },
    event: ({ data }) => {
      const entry = JSON.parse(data) as LogEntry;
      if (entry.call === sid && entry.what === 'input') {
        setInputs((before) =>
          before.some((each) => each.sequence === entry.sequence) ? before : [...before, entry],
        );
      }
      if (entry.call === sid) leg.reload();
      if (entry.what === 'state') legs.reload();
    },
  });

  const lines = useMemo(
    () =>
      transcript(
        leg.data?.heard ?? [],
        inputs.filter((each) => each.call === sid),
      ),
    [leg.data, inputs, sid],
  );

  const attempt = async (what: () => Promise<unknown>) => {
    setProblem(undefined);
    try {
      await what();
    } catch (error) {
      setProblem(Problem.of(error));
    }
  };

  const act = (of: string, action: string, body?: unknown) =>
    attempt(async () => {
      await http.post(`${SIMULATOR}/calls/${encodeURIComponent(of)}/${action}`, body);
      leg.reload();
      legs.reload();
    });

  const call = (from: string, to: string) =>
    attempt(async () => {
      setBusy(true);
      try {
        const placed = await http.post<Leg>(`${SIMULATOR}/calls`, { from, to });
        setInputs([]);
        go(`/test-phone?call=${placed.sid}`, { replace: true });
      } finally {
        setBusy(false);
      }
    });

  if (off) {
    return (
      <Page title={t.phone.title}>
        <Empty title={t.phone.unavailable}>
          <p>{t.phone.unavailableText}</p>
          <p className="muted">{t.phone.unavailableRemedy}</p>
        </Empty>
      </Page>
    );
  }
  const unread = phones.problem ?? (leg.problem?.status === 404 ? undefined : leg.problem);
  return (
    <Page title={t.phone.title} lead={t.phone.lead} wide>
      {problem && <ProblemNotice problem={problem} />}
      {unread && (
        <ProblemNotice
          problem={unread}
          retry={() => {
            phones.reload();
            leg.reload();
          }}
        />
      )}
      <div className="phone-page">
        <Handset
          leg={leg.data}
          to={query.get('to') ?? '+15550100001'}
          busy={busy}
          onCall={(from, to) => void call(from, to)}
          onHangUp={() => sid && void act(sid, 'hangup')}
          onPress={(digits) => sid && void act(sid, 'digits', { digits })}
          onSay={(text) => sid && void act(sid, 'speech', { text })}
        />
        <Transcript leg={leg.data} lines={lines} link={leg.data && <CallLink leg={leg.data} />} />
        <div className="phone-side">
          <OtherPhones
            phones={phones.data ?? {}}
            legs={(legs.data?.calls ?? []).filter((each) => !ended(each))}
            onChange={(number, settings) =>
              void attempt(async () => {
                await http.put(`${SIMULATOR}/phones/${encodeURIComponent(number)}`, settings);
                phones.reload();
              })
            }
            onAnswer={(of) => void act(of, 'answer')}
            onDecline={(of) => void act(of, 'decline')}
            onHangUp={(of) => void act(of, 'hangup')}
          />
          <Network
            speed={speed.data === undefined ? undefined : String(speed.data.speed)}
            faults={faults.data}
            onSpeed={(changed) =>
              void attempt(async () => {
                await http.put(`${SIMULATOR}/speed`, { speed: changed });
                speed.reload();
              })
            }
            onFaults={(changed) =>
              void attempt(async () => {
                await http.put(`${SIMULATOR}/faults`, changed);
                faults.reload();
              })
            }
          />
        </div>
      </div>
    </Page>
  );
}
