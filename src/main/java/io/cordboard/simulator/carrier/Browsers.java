package io.cordboard.simulator.carrier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Browsers that are phones: the signalling of Twilio's Voice SDK for JavaScript, version 1.6 of its stream, as far as calls
 * to a browser need it. Media does not come here: an invitation carries no offer of the carrier's, whoever registers has to
 * be the far end of it as well.
 */
public final class Browsers {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int INVALID_TOKEN = 31204;
    private static final int EXPIRED_TOKEN = 31205;
    private static final String CALL = "callsid";

    private final Exchange exchange;
    private final AccessTokens tokens;
    /** Those that may be rung, by identity; on the timeline only, as everything below. */
    private final Map<String, Set<Connection>> registered = new LinkedHashMap<>();
    /** Who was asked to take a call, until one has or nobody will. */
    private final Map<String, List<Connection>> rung = new LinkedHashMap<>();

    Browsers(Exchange exchange) {
        this.exchange = exchange;
        this.tokens = new AccessTokens(exchange.settings().apiSecret());
    }

    /** The way to one browser. Must not block. */
    public interface Line {

        void send(String text);
    }

    /** A browser came. */
    public Connection connect(Line line) {
        return new Connection(line);
    }

    /** Rings every browser registered at this address; false when there is none. */
    boolean ring(VirtualCall call) {
        var phones = call.to.startsWith("client:") ? registered.get(call.to.substring("client:".length())) : null;
        if (phones == null || phones.isEmpty()) {
            return false;
        }
        var asked = List.copyOf(phones);
        rung.put(call.sid, new ArrayList<>(asked));
        call.whenEnded.add(() -> over(call));
        for (var phone : asked) {
            phone.tell(
                    "invite",
                    Map.of(
                            CALL,
                            call.sid,
                            "parameters",
                            Map.of(
                                    "CallSid",
                                    call.sid,
                                    "AccountSid",
                                    exchange.settings().accountSid(),
                                    "From",
                                    call.from,
                                    "To",
                                    call.to)));
        }
        return true;
    }

    private void over(VirtualCall call) {
        var phones = rung.remove(call.sid);
        if (phones != null) {
            var how = call.answered == null ? "cancel" : "hangup";
            phones.forEach(phone -> phone.tell(how, Map.of(CALL, call.sid)));
        }
    }

    /** One browser, from its first message to its last. */
    public final class Connection {

        private final Line line;
        private @Nullable String identity;

        private Connection(Line line) {
            this.line = line;
        }

        /** A message came; what cannot be read is left alone. */
        public void receives(String text) {
            try {
                var message = JSON.readTree(text);
                exchange.timeline().tell(() -> take(message.path("type").asText(), message.path("payload")));
            } catch (JsonProcessingException unreadable) {
                tell("error", error(31000, "A message that is no JSON"));
            }
        }

        /** The browser is gone. Its calls are over; one that rang here rings on. */
        public void closed() {
            exchange.timeline().tell(() -> {
                unregister();
                List.copyOf(rung.entrySet()).forEach(entry -> {
                    if (entry.getValue().remove(this)) {
                        var call = exchange.call(entry.getKey());
                        if (call != null && call.status == VirtualCall.Status.IN_PROGRESS) {
                            exchange.hangUp(call);
                        }
                    }
                });
            });
        }

        private void take(String type, JsonNode payload) {
            switch (type) {
                case "listen" -> listen(payload.path("token").asText());
                case "register" -> register(payload.path("media").path("audio").asBoolean());
                case "answer" -> answer(payload.path(CALL).asText());
                case "reject", "hangup" -> with(payload, exchange::hangUp);
                case "dtmf" ->
                    with(
                            payload,
                            call -> exchange.press(call, payload.path("dtmf").asText()));
                default -> {}
            }
        }

        private void listen(String token) {
            var checked = tokens.check(token, exchange.now());
            if (checked instanceof AccessTokens.Good good) {
                identity = good.identity();
                tell(
                        "connected",
                        Map.of(
                                "region",
                                "simulated",
                                "edge",
                                "simulated",
                                "gateway",
                                "simulated",
                                "token",
                                Map.of("identity", good.identity(), "ttl", good.seconds())));
            } else {
                unregister();
                tell(
                        "error",
                        checked instanceof AccessTokens.Expired
                                ? error(EXPIRED_TOKEN, "The token has expired")
                                : error(INVALID_TOKEN, "The token is not one of this account's"));
            }
        }

        private void register(boolean audio) {
            var name = identity;
            if (name == null) {
                tell("error", error(INVALID_TOKEN, "There is no valid token"));
            } else if (audio) {
                registered
                        .computeIfAbsent(name, nobody -> new LinkedHashSet<>())
                        .add(this);
                tell("ready", Map.of());
            } else {
                unregister();
                tell("offline", Map.of());
            }
        }

        private void unregister() {
            registered.values().forEach(phones -> phones.remove(this));
        }

        private void answer(String sid) {
            var call = exchange.call(sid);
            var phones = rung.get(sid);
            if (call == null || phones == null || !phones.contains(this) || !exchange.answer(call)) {
                tell("hangup", Map.of(CALL, sid));
                return;
            }
            phones.stream().filter(other -> other != this).forEach(other -> other.tell("cancel", Map.of(CALL, sid)));
            phones.retainAll(List.of(this));
        }

        private void with(JsonNode payload, java.util.function.Consumer<VirtualCall> act) {
            var sid = payload.path(CALL).asText();
            var call = exchange.call(sid);
            var phones = rung.get(sid);
            if (call != null && phones != null && phones.contains(this) && !call.status.ended()) {
                act.accept(call);
            }
        }

        private void tell(String type, Map<String, ?> payload) {
            try {
                line.send(JSON.writeValueAsString(Map.of("type", type, "payload", payload)));
            } catch (JsonProcessingException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    private static Map<String, ?> error(int code, String message) {
        return Map.of("error", Map.of("code", code, "message", message));
    }
}
