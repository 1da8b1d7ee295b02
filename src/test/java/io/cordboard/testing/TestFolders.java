package io.cordboard.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** Folders for databases and spools, below one of each process that runs tests. */
public final class TestFolders {

    private static final Path ALL = Path.of("target", "test-data", System.getProperty("tests.half", "1"));

    static {
        try {
            deleteWhatEarlierRunsLeft(Files.createDirectories(ALL));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestFolders() {}

    public static Path fresh(String name) {
        try {
            return Files.createTempDirectory(ALL, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteWhatEarlierRunsLeft(Path all) throws IOException {
        try (var folders = Files.list(all)) {
            for (Path folder : folders.toList()) {
                if (!Files.exists(folder.resolve("postgres/postmaster.pid"))) {
                    FileSystemUtils.deleteRecursively(folder);
                }
            }
        }
    }
}
