package io.cordboard.flow.check;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.SAXParserFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** An XML element that knows where in its file it stands. Read without document types, entities or anything external. */
final class Xml {

    /** The name of an attribute or element with its namespace. */
    record Name(String namespace, String local) {}

    /** The file is no XML that we read; where and why. */
    static final class Unreadable extends Exception {

        final int line;
        final int column;

        Unreadable(int line, int column, String message) {
            super(message);
            this.line = line;
            this.column = column;
        }
    }

    private static final int MOST_ELEMENTS = 20_000;
    private static final int DEEPEST = 60;

    private final @Nullable Xml parent;
    private final Name name;
    private final Map<Name, String> attributes = new LinkedHashMap<>();
    private final List<Xml> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final int line;
    private final int column;

    private Xml(@Nullable Xml parent, Name name, int line, int column) {
        this.parent = parent;
        this.name = name;
        this.line = line;
        this.column = column;
    }

    static Xml read(byte[] bytes) throws Unreadable {
        var reader = new Reader();
        try {
            var factory = SAXParserFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setXIncludeAware(false);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.newSAXParser().parse(new ByteArrayInputStream(bytes), reader);
        } catch (SAXParseException e) {
            throw new Unreadable(e.getLineNumber(), e.getColumnNumber(), sentence(e.getMessage()));
        } catch (SAXException | java.io.IOException | javax.xml.parsers.ParserConfigurationException e) {
            throw new Unreadable(0, 0, sentence(e.getMessage()));
        }
        return reader.root();
    }

    private static String sentence(@Nullable String message) {
        String text = message == null ? "It cannot be read" : message.strip();
        return text.endsWith(".") ? text : text + ".";
    }

    String namespace() {
        return name.namespace();
    }

    String local() {
        return name.local();
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }

    Map<Name, String> attributes() {
        return attributes;
    }

    /** The value of an attribute without namespace; empty text when there is none. */
    String attribute(String local) {
        return attribute("", local).orElse("");
    }

    Optional<String> attribute(String namespace, String local) {
        return Optional.ofNullable(attributes.get(new Name(namespace, local)));
    }

    List<Xml> children() {
        return children;
    }

    Stream<Xml> children(String namespace, String local) {
        return children.stream().filter(child -> child.is(namespace, local));
    }

    /** This element and everything below, in the order of the file. */
    Stream<Xml> tree() {
        return Stream.concat(Stream.of(this), children.stream().flatMap(Xml::tree));
    }

    boolean is(String namespace, String local) {
        return name.local().equals(local) && name.namespace().equals(namespace);
    }

    @Nullable
    Xml parent() {
        return parent;
    }

    String text() {
        return text.toString();
    }

    /** Its own id or that of the closest element around it. */
    String nearestId() {
        String id = attribute("id");
        if (!id.isEmpty()) {
            return id;
        }
        return parent == null ? "" : parent.nearestId();
    }

    private static final class Reader extends DefaultHandler {

        private final Deque<Xml> open = new ArrayDeque<>();
        private @Nullable Locator locator;
        private @Nullable Xml root;
        private int elements;

        Xml root() throws Unreadable {
            if (root == null) {
                throw new Unreadable(0, 0, "It is empty.");
            }
            return root;
        }

        @Override
        public void setDocumentLocator(Locator locator) {
            this.locator = locator;
        }

        @Override
        public void startElement(String namespace, String local, String qualified, Attributes given)
                throws SAXException {
            if (++elements > MOST_ELEMENTS) {
                throw new SAXParseException("It has more than " + MOST_ELEMENTS + " elements.", locator);
            }
            if (open.size() >= DEEPEST) {
                throw new SAXParseException("Its elements are nested deeper than " + DEEPEST + ".", locator);
            }
            Xml parent = open.peek();
            var element = new Xml(
                    parent,
                    new Name(namespace, local),
                    locator == null ? 0 : locator.getLineNumber(),
                    locator == null ? 0 : locator.getColumnNumber());
            for (int i = 0; i < given.getLength(); i++) {
                element.attributes.put(new Name(given.getURI(i), given.getLocalName(i)), given.getValue(i));
            }
            if (parent == null) {
                root = element;
            } else {
                parent.children.add(element);
            }
            open.push(element);
        }

        @Override
        public void endElement(String namespace, String local, String qualified) {
            open.pop();
        }

        @Override
        public void characters(char[] chars, int start, int length) {
            Xml current = open.peek();
            if (current != null) {
                current.text.append(chars, start, length);
            }
        }

        @Override
        public InputSource resolveEntity(@Nullable String publicId, @Nullable String systemId) throws SAXException {
            throw new SAXParseException("It refers to something outside the file.", locator);
        }
    }
}
