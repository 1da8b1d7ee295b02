package io.cordboard.simulator.carrier;

import io.cordboard.simulator.carrier.Verb.Hook;
import io.cordboard.simulator.carrier.Verb.Next;
import io.cordboard.simulator.carrier.Verb.Prompt;
import io.cordboard.simulator.carrier.Verb.Target;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads TwiML. Documents come from outside, so there are no DTDs, no entities of their own, and limits on everything. */
final class Twiml {

    /** Twilio's limit is 64 kB for a document. */
    static final int MAX_SIZE = 64 * 1024;

    private static final int MAX_ELEMENTS = 1000;
    private static final int MAX_DEPTH = 10;
    private static final Duration FOUR_HOURS = Duration.ofHours(4);

    /** A document that Twilio could not execute. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        private final int code;

        Malformed(int code, String message) {
            super(message);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private Twiml() {}

    static List<Verb> parse(String document) throws Malformed {
        if (document.length() > MAX_SIZE) {
            throw new Malformed(11750, "The TwiML is larger than 64 kB");
        }
        var root = read(document);
        if (!root.name.equals("Response")) {
            throw new Malformed(12100, "The root element is <" + root.name + ">, not <Response>");
        }
        var verbs = new ArrayList<Verb>();
        for (var element : root.children) {
            verbs.add(verb(element));
        }
        return List.copyOf(verbs);
    }

    private static Element read(String document) throws Malformed {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            var reader = factory.createXMLStreamReader(new StringReader(document.strip()));
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.DTD -> throw new Malformed(12100, "A DOCTYPE is not allowed");
                    case XMLStreamConstants.START_ELEMENT -> {
                        var root = element(reader, 1, new int[1]);
                        while (reader.hasNext()) {
                            reader.next();
                        }
                        return root;
                    }
                    default -> {}
                }
            }
            throw new Malformed(12100, "The document is empty");
        } catch (XMLStreamException broken) {
            throw new Malformed(12100, "Document parse failure: " + broken.getMessage());
        }
    }

    private static Element element(XMLStreamReader reader, int depth, int[] count)
            throws XMLStreamException, Malformed {
        if (depth > MAX_DEPTH || ++count[0] > MAX_ELEMENTS) {
            throw new Malformed(12100, "The document is too deep or has too many elements");
        }
        var element = new Element(reader.getLocalName());
        for (var i = 0; i < reader.getAttributeCount(); i++) {
            element.attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        while (true) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    var child = element(reader, depth + 1, count);
                    element.children.add(child);
                    element.text.append(child.text);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> element.text.append(reader.getText());
                case XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new Malformed(12100, "The entity " + reader.getLocalName() + " is not known");
                case XMLStreamConstants.END_ELEMENT -> {
                    return element;
                }
                default -> {}
            }
        }
    }

    private static Verb verb(Element it) throws Malformed {
        return switch (it.name) {
            case "Say", "Play", "Pause" -> prompt(it);
            case "Gather" -> gather(it);
            case "Enqueue" ->
                new Verb.Enqueue(
                        it.content(), it.next("action", "method"), it.next("waitUrl", "waitUrlMethod", "POST"));
            case "Dial" -> dial(it);
            case "Record" -> record(it);
            case "Redirect" -> new Verb.Redirect(new Next(it.content(), it.text("method", "POST")));
            case "Reject" -> new Verb.Reject(it.text("reason", "rejected").equals("busy"));
            case "Hangup" -> new Verb.Hangup();
            case "Leave" -> new Verb.Leave();
            case "Refer" -> new Verb.Refer(it.next("action", "method"));
            default -> new Verb.Unknown(it.name);
        };
    }

    private static Prompt prompt(Element it) throws Malformed {
        return switch (it.name) {
            case "Say" -> new Verb.Say(it.content(), it.number("loop", 1));
            case "Play" -> new Verb.Play(it.content(), it.attributes.get("digits"), it.number("loop", 1));
            case "Pause" -> new Verb.Pause(it.seconds("length", Duration.ofSeconds(1)));
            default -> throw new Malformed(12200, "<" + it.name + "> is not allowed in <Gather>");
        };
    }

    private static Verb gather(Element it) throws Malformed {
        var input = Set.of(it.text("input", "dtmf").strip().split("\\s+"));
        var prompts = new ArrayList<Prompt>();
        for (var child : it.children) {
            prompts.add(prompt(child));
        }
        var timeout = it.seconds("timeout", Duration.ofSeconds(5));
        return new Verb.Gather(
                input.contains("dtmf"),
                input.contains("speech"),
                it.next("action", "method"),
                it.text("method", "POST"),
                it.number("numDigits", 0),
                it.text("finishOnKey", "#"),
                timeout,
                it.text("speechTimeout", "").equals("auto")
                        ? Duration.ofMillis(500)
                        : it.seconds("speechTimeout", timeout),
                it.flag("actionOnEmptyResult", false),
                it.flag("bargeIn", true),
                List.copyOf(prompts));
    }

    private static Verb dial(Element it) throws Malformed {
        var targets = new ArrayList<Target>();
        for (var child : it.children) {
            targets.add(target(child));
        }
        if (targets.isEmpty()) {
            targets.add(new Verb.ToPhone(it.content(), null, null));
        }
        if (targets.size() > 1 && !targets.stream().allMatch(Verb.ToPhone.class::isInstance)) {
            throw new Malformed(12200, "<Dial> takes one <Conference> or <Queue>, or several numbers");
        }
        return new Verb.Dial(
                List.copyOf(targets),
                it.next("action", "method"),
                it.seconds("timeout", Duration.ofSeconds(30)),
                it.seconds("timeLimit", FOUR_HOURS),
                it.flag("hangupOnStar", false),
                it.flag("answerOnBridge", false),
                it.attributes.get("callerId"),
                !it.text("record", "do-not-record").equals("do-not-record")
                        && !it.text("record", "").equals("false"),
                it.callback("recordingStatusCallback", "completed"));
    }

    private static Target target(Element it) throws Malformed {
        return switch (it.name) {
            case "Number" -> phone(it, it.content());
            case "Client" -> phone(it, "client:" + it.identity());
            case "Sip" -> phone(it, it.content());
            case "Queue" -> new Verb.ToQueue(it.content(), it.next("url", "method"));
            case "Conference" ->
                new Verb.ToConference(
                        it.content(),
                        it.attributes.get("participantLabel"),
                        it.flag("muted", false),
                        it.flag("startConferenceOnEnter", true),
                        it.flag("endConferenceOnExit", false),
                        it.attributes.get("coach"),
                        !it.text("beep", "true").equals("false"),
                        it.next("waitUrl", "waitMethod", "POST"),
                        it.callback("statusCallback", ""),
                        it.text("record", "").equals("record-from-start"),
                        it.callback("recordingStatusCallback", "completed"));
            default -> throw new Malformed(12200, "<" + it.name + "> is not allowed in <Dial>");
        };
    }

    private static Target phone(Element it, String address) {
        return new Verb.ToPhone(address, it.next("url", "method"), it.callback("statusCallback", "completed"));
    }

    private static Verb record(Element it) throws Malformed {
        var transcribe = it.flag("transcribe", false) || it.attributes.containsKey("transcribeCallback");
        var maxLength = it.seconds("maxLength", Duration.ofSeconds(transcribe ? 120 : 3600));
        return new Verb.TakeRecording(
                it.next("action", "method"),
                it.text("method", "POST"),
                maxLength,
                it.seconds("timeout", Duration.ofSeconds(5)),
                it.text("finishOnKey", "1234567890*#"),
                it.flag("playBeep", true),
                transcribe,
                it.callback("transcribeCallback", ""),
                it.callback("recordingStatusCallback", "completed"));
    }

    private static final class Element {

        private final String name;
        private final Map<String, String> attributes = new LinkedHashMap<>();
        private final List<Element> children = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        private Element(String name) {
            this.name = name;
        }

        private String content() {
            return text.toString().strip();
        }

        /** A client is named by its text or by an Identity element beside parameters. */
        private String identity() {
            for (var child : children) {
                if (child.name.equals("Identity")) {
                    return child.content();
                }
            }
            return content();
        }

        private String text(String attribute, String otherwise) {
            return attributes.getOrDefault(attribute, otherwise);
        }

        private boolean flag(String attribute, boolean otherwise) {
            var value = attributes.get(attribute);
            return value == null ? otherwise : value.toLowerCase(Locale.ROOT).equals("true");
        }

        private int number(String attribute, int otherwise) throws Malformed {
            var value = attributes.get(attribute);
            if (value == null || value.isBlank()) {
                return otherwise;
            }
            try {
                return Math.max(0, Integer.parseInt(value.strip()));
            } catch (NumberFormatException notANumber) {
                throw new Malformed(12200, "<" + name + " " + attribute + "=\"" + value + "\"> is not a number");
            }
        }

        private Duration seconds(String attribute, Duration otherwise) throws Malformed {
            if (text(attribute, "").equals("auto")) {
                return otherwise;
            }
            return attributes.containsKey(attribute)
                    ? Duration.ofSeconds(number(attribute, (int) otherwise.toSeconds()))
                    : otherwise;
        }

        private @Nullable Next next(String urlAttribute, String methodAttribute) {
            return next(urlAttribute, methodAttribute, "POST");
        }

        private @Nullable Next next(String urlAttribute, String methodAttribute, String defaultMethod) {
            var url = attributes.get(urlAttribute);
            return url == null ? null : new Next(url, text(methodAttribute, defaultMethod));
        }

        private @Nullable Hook callback(String attribute, String defaultEvents) {
            var url = attributes.get(attribute);
            return url == null
                    ? null
                    : new Hook(
                            url, text(attribute + "Method", "POST"), events(text(attribute + "Event", defaultEvents)));
        }
    }

    static Set<String> events(String separated) {
        return separated.isBlank()
                ? Set.of()
                : Set.copyOf(List.of(separated.strip().split("[\\s,]+")));
    }
}
