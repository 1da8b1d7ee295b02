import type { Call, Device } from '@twilio/voice-sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import { http } from '../lib/http';
import { Problem } from '../lib/problem';

/** A token for the browser to be a phone, of `POST /v1/agents/{id}/phone-token`. */
interface Pass {
  identity: string;
  token: string;
  /** Path of what stands in for the carrier; missing in production. */
  server?: string;
}

/** What keeps the browser from being a phone, as far as its person can do something about it. */
export type Trouble = 'insecure' | 'refused' | 'noMicrophone' | 'failed';

export type PhoneState =
  | { kind: 'off' }
  | { kind: 'registering' }
  | { kind: 'ready' }
  | { kind: 'lost' }
  | { kind: 'trouble'; trouble: Trouble }
  | { kind: 'problem'; problem: Problem };

export interface Softphone {
  state: PhoneState;
  /** Whether a call is on this phone, and the caller can be heard. */
  line: 'none' | 'connecting' | 'open';
  muted: boolean;
  turnOn: () => void;
  turnOff: () => void;
  mute: (muted: boolean) => void;
  press: (digits: string) => void;
  hangUp: () => void;
}

/** Renewed this long before the token expires, so that there is time to try again. */
const RENEW_BEFORE_MS = 120_000;
const RETRY_MS = 10_000;

/** The SDK asks a server of Twilio's for sounds otherwise; what it would play is shown on the page. */
const SILENCE = '/assets/silence.wav';
const SOUNDS = [
  'disconnect',
  'incoming',
  'outgoing',
  ...[...'0123456789hs'].map((key) => `dtmf${key}`),
] as const;

/** The SDK, in development over a line of the simulated carrier: it takes the WebSocket that is there when it is loaded. */
async function load(server: string | undefined) {
  if (server === undefined) return import('@twilio/voice-sdk');
  const { SimulatedLine } = await import('./simulated');
  const genuine = window.WebSocket;
  window.WebSocket = SimulatedLine as unknown as typeof WebSocket;
  try {
    return await import('@twilio/voice-sdk');
  } finally {
    window.WebSocket = genuine;
  }
}

/** Asked before the phone is on, so that nobody accepts a call and finds out then. */
async function microphone(): Promise<Trouble | undefined> {
  if (!window.isSecureContext || !navigator.mediaDevices) return 'insecure';
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    stream.getTracks().forEach((track) => track.stop());
    return undefined;
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
    return name === 'NotFoundError' ? 'noMicrophone' : 'failed';
  }
}

/** Whether the browser gives the microphone without a question, so that the phone can be on from the start. */
async function isAllowed(): Promise<boolean> {
  try {
    const permission = await navigator.permissions.query({ name: 'microphone' as PermissionName });
    return permission.state === 'granted';
  } catch {
    return false;
  }
}

/**
 * This browser as a phone of an agent. It is rung only for calls that the agent accepted, so it picks up by itself.
 *
 * @param agent the id of the agent who is logged in
 */
export function useSoftphone(agent: string): Softphone {
  const [state, setState] = useState<PhoneState>({ kind: 'off' });
  const [line, setLine] = useState<Softphone['line']>('none');
  const [muted, setMuted] = useState(false);
  const device = useRef<Device | null>(null);
  const call = useRef<Call | null>(null);
  /** Grows when the phone is turned on or off: what an older turn still does no longer counts. */
  const turn = useRef(0);

  const turnOff = useCallback(() => {
    turn.current += 1;
    device.current?.destroy();
    device.current = null;
    call.current = null;
    setLine('none');
    setState({ kind: 'off' });
  }, []);

  const ring = useCallback((incoming: Call) => {
    call.current = incoming;
    setMuted(false);
    setLine('connecting');
    const over = () => {
      if (call.current !== incoming) return;
      call.current = null;
      setLine('none');
      setMuted(false);
    };
    incoming.on('accept', () => setLine('open'));
    incoming.on('mute', (isMuted: boolean) => setMuted(isMuted));
    incoming.on('disconnect', over);
    incoming.on('cancel', over);
    incoming.on('reject', over);
    incoming.on('error', over);
    incoming.accept();
  }, []);

  const turnOn = useCallback(async () => {
    const mine = (turn.current += 1);
    const current = () => turn.current === mine;
    const pass = () => http.post<Pass>(`/v1/agents/${encodeURIComponent(agent)}/phone-token`);
    setState({ kind: 'registering' });
    try {
      const first = await pass();
      const trouble = await microphone();
      if (!current()) return;
      if (trouble) {
        setState({ kind: 'trouble', trouble });
        return;
      }
      const { Device } = await load(first.server);
      if (!current()) return;
      const made = new Device(first.token, {
        closeProtection: true,
        tokenRefreshMs: RENEW_BEFORE_MS,
        sounds: Object.fromEntries(SOUNDS.map((sound) => [sound, SILENCE])),
        // Neither of these is in the SDK's published types: no telemetry, and the server of the simulated carrier.
        ...{ publishEvents: false },
        ...(first.server === undefined ? {} : { chunderw: window.location.host + first.server }),
      });
      device.current = made;
      const renew = () => {
        pass().then(
          ({ token }) => current() && made.updateToken(token),
          (error: unknown) => {
            if (!current()) return;
            const problem = Problem.of(error);
            if (problem.unreachable || problem.status >= 500)
              setTimeout(() => current() && renew(), RETRY_MS);
            else setState({ kind: 'problem', problem });
          },
        );
      };
      made.on('registered', () => current() && setState({ kind: 'ready' }));
      made.on('unregistered', () => current() && setState({ kind: 'lost' }));
      made.on('tokenWillExpire', renew);
      made.on('error', (error: { code?: number }) => {
        if (!current()) return;
        if (error.code === 31401 || error.code === 31208) setState({ kind: 'trouble', trouble: 'refused' });
        else if (error.code === 20104 || error.code === 31205) renew();
      });
      made.on('incoming', ring);
      await made.register();
    } catch (error) {
      if (!current()) return;
      setState(
        error instanceof Problem
          ? { kind: 'problem', problem: error }
          : { kind: 'trouble', trouble: 'failed' },
      );
    }
  }, [agent, ring]);

  useEffect(() => {
    let shown = true;
    void isAllowed().then((allowed) => shown && allowed && void turnOn());
    return () => {
      shown = false;
      turnOff();
    };
  }, [turnOn, turnOff]);

  return {
    state,
    line,
    muted,
    turnOn: () => void turnOn(),
    turnOff,
    mute: (wanted) => call.current?.mute(wanted),
    press: (digits) => call.current?.sendDigits(digits),
    hangUp: () => call.current?.disconnect(),
  };
}
