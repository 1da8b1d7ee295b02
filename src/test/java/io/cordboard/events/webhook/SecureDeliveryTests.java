package io.cordboard.events.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordboard.events.webhook.Sender.Message;
import io.cordboard.events.webhook.Sender.Result;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over HTTPS, to a name whose server is the one that its certificate names. */
class SecureDeliveryTests {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path folder;

    private static SSLContext tls;
    private static Subscriber subscriber;

    @BeforeAll
    static void aServerWithACertificate() throws Exception {
        Path file = folder.resolve("events.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=events.example.com",
                        "-ext",
                        "san=dns:events.example.com",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        identity.init(keys, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("events", keys.getCertificate("mykey"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        tls = SSLContext.getInstance("TLS");
        tls.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
        subscriber = new Subscriber(tls);
    }

    @AfterAll
    static void close() {
        subscriber.close();
    }

    @Test
    void theServerThatTheCertificateNamesIsReachedAndNoOther() {
        TlsSocketStrategy trusting = new DefaultClientTlsStrategy(tls);
        String secret = WebhookSecret.next();

        Result good = send(trusting, "https://events.example.com/secure", secret);
        assertThat(good.error()).isNull();
        assertThat(good.status()).isEqualTo(204);
        assertThat(subscriber.received()).hasSize(1);
        assertThat(subscriber.received().get(0).isSignedWith(secret)).isTrue();

        assertThat(send(trusting, "https://other.example.com/secure", secret).error())
                .startsWith("No secure connection");
        assertThat(send(DefaultClientTlsStrategy.createDefault(), "https://events.example.com/secure", secret)
                        .error())
                .startsWith("No secure connection");
        assertThat(subscriber.received()).hasSize(1);
    }

    /** Through an internet in which every public address is the subscriber's. */
    private static Result send(TlsSocketStrategy trust, String url, String secret) {
        WebhookSettings settings = WebhookFixture.settings(
                java.time.Duration.ofHours(1), java.time.Duration.ofMinutes(1), java.time.Duration.ofSeconds(10));
        Destinations destinations =
                new Destinations(settings, host -> new InetAddress[] {InetAddress.getByName("93.184.215.14")});
        Socket diverted = new Socket() {
            @Override
            public void connect(SocketAddress address, int timeout) throws IOException {
                super.connect(subscriber.address(), timeout);
            }
        };
        try (Sender sender = new Sender(destinations, proxy -> diverted, trust, settings, Clock.systemUTC())) {
            return sender.send(new Message(url, "1", List.of(secret), "{}"));
        }
    }
}
