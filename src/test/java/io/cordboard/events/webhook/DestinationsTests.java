package io.cordboard.events.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.cordboard.events.webhook.Destinations.Destination;
import io.cordboard.events.webhook.Destinations.Names;
import io.cordboard.events.webhook.Destinations.Refused;
import io.cordboard.events.webhook.Sender.Message;
import io.cordboard.events.webhook.Sender.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Nobody reaches our own network by way of a webhook, however the address is written. */
@DisplayName("S3-19 · status webhooks, and what they must not be used for")
class DestinationsTests {

    /** Stands for the port of the server that must not be reached; it is one of those that are allowed. */
    private static final String PORT = "{port}";

    /** Where every harmful address leads, as far as the test can make it so. */
    private ServerSocket inside;

    private final AtomicInteger connections = new AtomicInteger();
    private final List<SocketAddress> dialled = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() throws IOException {
        inside = new ServerSocket(0, 50, InetAddress.getByName("0.0.0.0"));
        Thread thread = new Thread(this::count, "inside");
        thread.setDaemon(true);
        thread.start();
    }

    private void count() {
        while (!inside.isClosed()) {
            try (Socket connection = inside.accept()) {
                connections.incrementAndGet();
            } catch (IOException closed) {
                return;
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        inside.close();
    }

    private static final List<String> HARMFUL_URLS = List.of(
            // Another scheme, or none.
            "http://example.com/",
            "http://127.0.0.1:{port}/",
            "ftp://127.0.0.1:{port}/",
            "file:///etc/passwd",
            "gopher://127.0.0.1:{port}/_",
            "ldap://127.0.0.1:{port}/",
            "dict://127.0.0.1:{port}/",
            "jar:https://127.0.0.1:{port}!/",
            "javascript:alert(1)",
            "data:text/plain,x",
            "ws://127.0.0.1:{port}/",
            "//127.0.0.1:{port}/",
            "/v1/agents",
            "127.0.0.1:{port}",
            "",
            "https:",
            "https://",
            "https:///path",
            "https:127.0.0.1:{port}",
            "https:/127.0.0.1:{port}/",
            // Loopback.
            "https://127.0.0.1:{port}/",
            "https://127.0.0.2:{port}/",
            "https://127.255.255.254:{port}/",
            "https://localhost:{port}/",
            "https://LOCALHOST:{port}/",
            "https://localhost.:{port}/",
            "https://localhost.localdomain:{port}/",
            "https://[::1]:{port}/",
            "https://[0:0:0:0:0:0:0:1]:{port}/",
            "https://[0000:0000:0000:0000:0000:0000:0000:0001]:{port}/",
            "https://[::1%25lo]:{port}/",
            // Unspecified.
            "https://0.0.0.0:{port}/",
            "https://0.1.2.3:{port}/",
            "https://[::]:{port}/",
            // Numbers that some read as addresses.
            "https://2130706433:{port}/",
            "https://017700000001:{port}/",
            "https://0x7f000001:{port}/",
            "https://0x7f.0.0.1:{port}/",
            "https://0x7f.0x0.0x0.0x1:{port}/",
            "https://0177.0.0.1:{port}/",
            "https://0177.0000.0000.0001:{port}/",
            "https://127.000.000.001:{port}/",
            "https://127.0.0.01:{port}/",
            "https://127.1:{port}/",
            "https://127.0.1:{port}/",
            "https://127.0.0.1.:{port}/",
            "https://1:{port}/",
            "https://0:{port}/",
            "https://256.256.256.256:{port}/",
            "https://4294967297:{port}/",
            "https://example.1:{port}/",
            "https://example.0x1:{port}/",
            "https://１２７.0.0.1:{port}/",
            "https://127。0。0。1:{port}/",
            "https://①②⑦.0.0.1:{port}/",
            "https://ⓛocalhost:{port}/",
            // IPv4 inside IPv6.
            "https://[::ffff:127.0.0.1]:{port}/",
            "https://[::ffff:7f00:1]:{port}/",
            "https://[0:0:0:0:0:ffff:127.0.0.1]:{port}/",
            "https://[::ffff:8.8.8.8]:{port}/",
            "https://[::127.0.0.1]:{port}/",
            "https://[::7f00:1]:{port}/",
            "https://[64:ff9b::127.0.0.1]:{port}/",
            "https://[64:ff9b::10.0.0.1]:{port}/",
            "https://[64:ff9b:1::a00:1]:{port}/",
            "https://[2002:7f00:1::]:{port}/",
            "https://[2002:a00:1::1]:{port}/",
            "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]:{port}/",
            "https://[2600:1f18::5efe:10.0.0.1]:{port}/",
            // Private and shared networks.
            "https://10.0.0.1:{port}/",
            "https://10.255.255.255:{port}/",
            "https://172.16.0.1:{port}/",
            "https://172.31.255.255:{port}/",
            "https://192.168.0.1:{port}/",
            "https://192.168.255.255:{port}/",
            "https://100.64.0.1:{port}/",
            "https://100.127.255.255:{port}/",
            "https://192.0.0.1:{port}/",
            "https://192.0.2.1:{port}/",
            "https://192.88.99.1:{port}/",
            "https://198.18.0.1:{port}/",
            "https://198.19.255.255:{port}/",
            "https://198.51.100.1:{port}/",
            "https://203.0.113.1:{port}/",
            "https://[fc00::1]:{port}/",
            "https://[fd12:3456:789a::1]:{port}/",
            "https://[fec0::1]:{port}/",
            "https://[2001:db8::1]:{port}/",
            "https://[3fff::1]:{port}/",
            "https://[100::1]:{port}/",
            "https://[5f00::1]:{port}/",
            // Link-local, metadata, multicast, broadcast, reserved.
            "https://169.254.169.254:{port}/latest/meta-data/",
            "https://169.254.0.1:{port}/",
            "https://100.100.100.200:{port}/",
            "https://192.0.0.192:{port}/",
            "https://168.63.129.16:{port}/",
            "https://[fd00:ec2::254]:{port}/",
            "https://[fe80::1]:{port}/",
            "https://[fe80::1%25eth0]:{port}/",
            "https://224.0.0.1:{port}/",
            "https://239.255.255.250:{port}/",
            "https://[ff02::1]:{port}/",
            "https://240.0.0.1:{port}/",
            "https://255.255.255.255:{port}/",
            // Who is meant is not who it seems.
            "https://example.com@127.0.0.1:{port}/",
            "https://user:password@example.com/",
            "https://@127.0.0.1:{port}/",
            "https://example.com:443@127.0.0.1:{port}/",
            "https://example.com%40127.0.0.1:{port}/",
            "https://127.0.0.1:{port}#@example.com/",
            "https://127.0.0.1:{port}\\@example.com/",
            "https://example.com\\@127.0.0.1:{port}/",
            "https://127.0.0.1%00.example.com:{port}/",
            "https://127.0.0.1%2f.example.com:{port}/",
            "https://example.com\r\nHost: inside/",
            "https://example.com/\tx",
            " https://127.0.0.1:{port}/",
            "https://[::1]example.com:{port}/",
            "https://[::1].example.com:{port}/",
            "https://[127.0.0.1]:{port}/",
            // Names without a home in the public internet.
            "https://postgres:{port}/",
            "https://cordboard:{port}/",
            "https://exa_mple.com:{port}/",
            "https://-example.com:{port}/",
            "https://example..com:{port}/",
            "https://.example.com:{port}/",
            // Ports of other services.
            "https://example.com:22/",
            "https://example.com:80/",
            "https://example.com:0/",
            "https://example.com:5432/",
            "https://example.com:65536/",
            "https://example.com:-1/",
            "https://example.com:99999999999/",
            "https://example.com/" + "x".repeat(2_000));

    private static final List<String> HARMFUL_ADDRESSES = List.of(
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.8.8.8",
            "168.63.129.16",
            "169.254.169.254",
            "172.20.0.1",
            "192.0.0.192",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.251",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2001::1",
            "2002:7f00:1::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1");

    @Test
    void noneOfManyHarmfulUrlsLeadsToAConnection() {
        List<String> urls = HARMFUL_URLS.stream()
                .map(url -> url.replace(PORT, String.valueOf(inside.getLocalPort())))
                .toList();
        assertThat(urls).hasSizeGreaterThan(120).doesNotHaveDuplicates();
        SoftAssertions softly = new SoftAssertions();
        try (Sender sender = sender(false, host -> {
            // Whatever is asked for leads inside.
            return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
        })) {
            for (String url : urls) {
                Result result = sender.send(message(url));
                softly.assertThat(result.isDelivered()).as(url).isFalse();
                softly.assertThat(result.status()).as(url).isNull();
                softly.assertThat(result.error())
                        .as(url)
                        .isNotBlank()
                        .doesNotContain("No connection", "The connection broke", "no answer");
            }
        }
        softly.assertThat(dialled).as("addresses that were dialled").isEmpty();
        softly.assertThat(connections).as("connections").hasValue(0);
        softly.assertAll();
    }

    @Test
    void noNameThatStandsForAHarmfulAddressLeadsToAConnection() {
        SoftAssertions softly = new SoftAssertions();
        for (String address : HARMFUL_ADDRESSES) {
            // Alone, and behind a public one.
            for (String[] answer : new String[][] {{address}, {"93.184.215.14", address}}) {
                try (Sender sender = sender(false, host -> addresses(answer))) {
                    Result result = sender.send(message("https://events.example.com:" + inside.getLocalPort() + "/"));
                    softly.assertThat(result.error()).as(address).contains("not in the public internet");
                }
            }
        }
        softly.assertThat(dialled).isEmpty();
        softly.assertThat(connections).hasValue(0);
        softly.assertAll();
    }

    @Test
    void aNameThatIsPublicAtFirstAndPrivateThenLeadsToThePublicAddressOrNowhere() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<String> answers = List.of("93.184.215.14", "127.0.0.1");
        try (Sender sender =
                sender(false, host -> addresses(answers.get(Math.min(asked.getAndIncrement(), answers.size() - 1))))) {
            Message message = message("https://rebinding.example.com:" + inside.getLocalPort() + "/");

            Result first = sender.send(message);
            assertThat(asked).as("questions for one delivery").hasValue(1);
            assertThat(dialled)
                    .containsExactly(
                            new InetSocketAddress(InetAddress.getByName("93.184.215.14"), inside.getLocalPort()));
            assertThat(first.error()).startsWith("No connection");

            Result second = sender.send(message);
            assertThat(asked).hasValue(2);
            assertThat(second.error()).contains("not in the public internet", "loopback");
            assertThat(dialled).hasSize(1);
        }
        assertThat(connections).hasValue(0);
    }

    @Test
    void publicServersAreReached() {
        List<String> urls = List.of(
                "https://example.com",
                "https://example.com:8443/events?key=value",
                "HTTPS://Events.Example.COM/a/b",
                "https://xn--bcher-kva.example/",
                "https://93.184.215.14/",
                "https://[2606:4700::6810:84e5]/",
                "https://a-b.c1.example.co:443/");
        for (String url : urls) {
            try (Sender sender = sender(false, host -> addresses("93.184.215.14", "2606:4700::6810:84e5"))) {
                dialled.clear();
                Result result = sender.send(message(url));
                assertThat(result.error()).as(url).startsWith("No connection");
                assertThat(dialled).as(url).isNotEmpty();
            }
        }
    }

    @Test
    void thisMachineIsReachedInDevelopmentOnly() throws Exception {
        try (Subscriber subscriber = new Subscriber();
                Sender development = sender(true, InetAddress::getAllByName);
                Sender production = sender(false, InetAddress::getAllByName)) {
            for (String host : List.of("127.0.0.1", "localhost")) {
                String url = subscriber.url().replace("127.0.0.1", host);
                assertThat(new Destinations(settings(true), InetAddress::getAllByName)
                                .parse(url)
                                .loopback())
                        .isTrue();
                assertThat(production.send(message(url)).error()).contains("https");
                assertThat(dialled).isEmpty();
                assertThat(development.send(message(url)).error()).isNull();
                assertThat(dialled).isNotEmpty();
                dialled.clear();
            }
            assertThat(subscriber.received()).hasSize(2);
            assertThat(development.send(message("https://10.0.0.1/")).error()).contains("private");
            assertThat(development.send(message("http://example.com/")).error()).contains("https");
        }
        Names liar = host -> addresses("10.0.0.1");
        Destinations deceived = new Destinations(settings(true), liar);
        Destination localhost = deceived.parse("http://localhost:8080/");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> deceived.resolve(localhost)))
                .isInstanceOf(Refused.class);
        Destinations publicName = new Destinations(settings(true), host -> addresses("127.0.0.1"));
        Destination rebound = publicName.parse("https://example.com/");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> publicName.resolve(rebound)))
                .isInstanceOf(Refused.class);
    }

    @Test
    void everyRefusalSaysHowToMendIt() {
        Destinations destinations = new Destinations(settings(false), InetAddress::getAllByName);
        Stream.of(
                        "https://127.0.0.1/",
                        "http://example.com/",
                        "https://a@example.com/",
                        "https://example.com:22/",
                        "https://example.com/#x",
                        "https://intranet/",
                        "https://[::ffff:1.2.3.4]/",
                        "https://exämple.com/",
                        "https://exa mple.com/",
                        "https://example.com/%zz")
                .forEach(url -> assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                Refused.class, () -> destinations.parse(url)))
                        .as(url)
                        .isNotNull()
                        .satisfies(refused -> {
                            assertThat(refused.getMessage()).isNotBlank();
                            assertThat(refused.remedy()).isNotBlank();
                        }));
        assertThatCode(() -> destinations.parse("https://example.com/")).doesNotThrowAnyException();
    }

    /** Notes every address that is dialled; what is not on this machine is not there. */
    private Sender sender(boolean development, Names names) {
        WebhookSettings settings = settings(development);
        return new Sender(
                new Destinations(settings, names),
                proxy -> new Socket() {
                    @Override
                    public void connect(SocketAddress address, int timeout) throws IOException {
                        dialled.add(address);
                        if (!((InetSocketAddress) address).getAddress().isLoopbackAddress()) {
                            throw new java.net.ConnectException("nobody there");
                        }
                        super.connect(address, timeout);
                    }
                },
                DefaultClientTlsStrategy.createDefault(),
                settings,
                Clock.systemUTC());
    }

    private WebhookSettings settings(boolean development) {
        return new WebhookSettings(
                development,
                Set.of(443, 8443, inside.getLocalPort()),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                Duration.ofHours(1),
                Duration.ofHours(24),
                Duration.ofHours(24),
                Duration.ofMinutes(1),
                Duration.ofDays(30),
                200,
                4);
    }

    private static InetAddress[] addresses(String... texts) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(InetAddress.getByName(text));
        }
        return addresses.toArray(InetAddress[]::new);
    }

    private static Message message(String url) {
        return new Message(url, "1", List.of(WebhookSecret.next()), "{}");
    }
}
