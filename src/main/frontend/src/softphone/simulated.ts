interface Message {
  type?: string;
  payload?: { callsid?: string; sdp?: string };
}

const GATHERING_MS = 1000;

/** An offer as the carrier would make it, with the ways to the far end in it. */
async function offerOf(farEnd: RTCPeerConnection): Promise<string> {
  const silence = new AudioContext().createMediaStreamDestination().stream;
  silence.getTracks().forEach((track) => farEnd.addTrack(track, silence));
  // Without a codec for keys the SDK signals them, and what is signalled the carrier takes notice of.
  const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
  farEnd
    .getTransceivers()
    .forEach((line) =>
      line.setCodecPreferences(codecs.filter(({ mimeType }) => !/telephone-event/i.test(mimeType))),
    );
  await farEnd.setLocalDescription(await farEnd.createOffer());
  await new Promise<void>((resolve) => {
    setTimeout(resolve, GATHERING_MS);
    farEnd.addEventListener('icegatheringstatechange', () => {
      if (farEnd.iceGatheringState === 'complete') resolve();
    });
  });
  return farEnd.localDescription?.sdp ?? '';
}

/**
 * The connection of Twilio's SDK to the simulated carrier. That one signals and has no media, so the far end of each
 * call's audio is a second peer in this browser: the SDK negotiates and sends for real, and hears silence.
 */
export class SimulatedLine extends WebSocket {
  readonly #farEnds = new Map<string, RTCPeerConnection>();
  readonly #wrapped = new Map<EventListenerOrEventListenerObject, EventListener>();
  /** Messages keep their order, also while an offer is made. */
  #before = Promise.resolve();

  constructor(url: string | URL, protocols?: string | string[]) {
    const plain = window.location.protocol === 'http:';
    super(plain ? String(url).replace(/^wss:/, 'ws:') : url, protocols);
    super.addEventListener('close', () => this.#farEnds.forEach((_, call) => this.#over(call)));
  }

  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void {
    if (type !== 'message') {
      super.addEventListener(type, listener, options);
      return;
    }
    const wrapped = (event: Event) => {
      this.#before = this.#before.then(async () => {
        const whole = await this.#withMedia(event as MessageEvent);
        if (typeof listener === 'function') listener.call(this, whole);
        else listener.handleEvent(whole);
      });
    };
    this.#wrapped.set(listener, wrapped);
    super.addEventListener(type, wrapped, options);
  }

  override removeEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
    super.removeEventListener(type, this.#wrapped.get(listener) ?? listener);
  }

  override send(data: string): void {
    const { type, payload } = read(data);
    const call = payload?.callsid;
    if (call !== undefined && type === 'answer' && payload?.sdp !== undefined) {
      void this.#farEnds.get(call)?.setRemoteDescription({ type: 'answer', sdp: payload.sdp });
    }
    if (call !== undefined && (type === 'hangup' || type === 'reject')) this.#over(call);
    super.send(data);
  }

  async #withMedia(event: MessageEvent): Promise<MessageEvent> {
    const message = read(String(event.data));
    const call = message.payload?.callsid;
    if (call === undefined) return event;
    if (message.type === 'cancel' || message.type === 'hangup') this.#over(call);
    if (message.type !== 'invite') return event;
    const farEnd = new RTCPeerConnection();
    this.#farEnds.set(call, farEnd);
    message.payload = { ...message.payload, sdp: await offerOf(farEnd) };
    return new MessageEvent('message', { data: JSON.stringify(message) });
  }

  #over(call: string) {
    this.#farEnds.get(call)?.close();
    this.#farEnds.delete(call);
  }
}

function read(text: string): Message {
  return text.trim() === '' ? {} : (JSON.parse(text) as Message);
}
